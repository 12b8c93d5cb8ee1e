package dev.errand.automation.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.schedule.FireExplainer.FireExplanation;
import dev.errand.automation.schedule.ScheduleView.FireView;
import dev.errand.automation.schedule.ScheduleView.RunLink;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Why a time led to a run of a schedule or did not, as clients see it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("FireExplanation")
public record FireExplanationView(
    @Field("The time that was asked for.") Instant at,
    @Field("Whether it led to a run.") boolean fired,
    @Field(
            "The verdict of the fire, or one of these. `scheduled`: it will fire "
                + "then. `undecided`: the time is only just due. `no_process`: no "
                + "process looked for due schedules. `clock_changed`: the database's "
                + "clock was changed, or its machine slept. `disabled`: the schedule is. "
                + "`not_created`: it did not exist yet. `changed_since`: it was changed "
                + "since, and what it was then is not known. `too_long_ago`: only newer "
                + "fires are kept. `not_a_time`: its rule has no such time. `dst_gap`: "
                + "the wall clock left the time out. `dst_overlap`: the wall clock "
                + "showed the time before, and the schedule fired then. `unknown`: "
                + "nothing is known.")
        String verdict,
    @Field("The same for people.") String sentence,
    @Field(value = "The stored fire that decided the time, perhaps with others.", schema = "Fire")
        @Nullable FireView fire,
    @Field(schema = "RunLink") @Nullable RunLink run,
    @Field("The schedule's times before and after, without spread and jitter, by its present rule.")
        Nearest nearest) {

  /**
   * The times of the schedule before and after the one that was asked for, without spread and
   * jitter.
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Nearest(@Field @Nullable Instant before, @Field @Nullable Instant after) {}

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
