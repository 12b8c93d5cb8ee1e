package dev.errand.automation.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.schedule.FireExplainer.FireExplanation;
import dev.errand.automation.schedule.ScheduleView.FireView;
import dev.errand.automation.schedule.ScheduleView.RunLink;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Why a time led to a run of a schedule or did not, as clients see it.
 *
 * @param at the time that was asked for
 * @param fired whether it led to a run
 * @param verdict the verdict of the fire, or the code of another reason
 * @param sentence the same for people
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FireExplanationView(
    Instant at,
    boolean fired,
    String verdict,
    String sentence,
    @Nullable FireView fire,
    @Nullable RunLink run,
    Nearest nearest) {

  /** The times of the schedule before and after the one that was asked for, without jitter. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Nearest(@Nullable Instant before, @Nullable Instant after) {}

  static FireExplanationView of(FireExplanation why, UnaryOperator<String> urls) {
    return new FireExplanationView(
        why.at(),
        why.run() != null,
        why.verdict(),
        why.sentence(),
        why.fire().map(fire -> FireView.of(fire, why.outcome(), urls)).orElse(null),
        RunLink.of(why.run(), why.outcome(), urls),
        new Nearest(why.before(), why.after()));
  }
}
