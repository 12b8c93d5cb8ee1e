package dev.errand.automation.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as clients see it.
 *
 * @param cron as it was registered; absent where another rule is
 * @param every as it was registered; absent where another rule is
 * @param at as it was registered; absent where another rule is
 * @param missed none, last or all
 * @param retry {@code never}, or the waits before each further try of a run whose model can't be
 *     reached
 * @param jitter each fire is delayed by less than this
 * @param next the next times at which it fires, five at most; none while it is paused or disabled
 * @param retrying its run that is tried again next; absent where none is
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ScheduleView(
    String name,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cron,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duration every,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant at,
    String timezone,
    @JsonRawValue String parameters,
    boolean enabled,
    String missed,
    Object retry,
    @Nullable Duration jitter,
    @Nullable Instant start,
    @Nullable Instant end,
    String description,
    List<Instant> next,
    @Nullable FireView lastFire,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Retrying retrying,
    int failures,
    @Nullable String pausedReason,
    @Nullable Instant pausedAt,
    Instant createdAt,
    Instant modifiedAt) {
  private static final int COMING = 5;

  /**
   * The result for one time of a schedule.
   *
   * @param verdict {@code started}, {@code known}, {@code missed}, {@code paused}, or the code of
   *     the error that kept the run from being started
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record FireView(
      Instant scheduledFor,
      Instant decidedAt,
      String verdict,
      String detail,
      @Nullable RunLink run) {

    static FireView of(DecidedFire fire, Optional<RunOutcome> outcome, UnaryOperator<String> urls) {
      return new FireView(
          fire.scheduledFor(),
          fire.decidedAt(),
          fire.verdict(),
          fire.detail(),
          RunLink.of(fire.runName(), outcome, urls));
    }
  }

  /**
   * The next try of a run whose model could not be reached.
   *
   * @param run the name of the run
   */
  @RegisterForReflection
  public record Retrying(String run, Instant at) {}

  /**
   * The run of a fire.
   *
   * @param url its absolute URL
   * @param status its status; absent where it is not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RunLink(String name, String url, @Nullable String status) {
    static @Nullable RunLink of(
        @Nullable String run, Optional<RunOutcome> outcome, UnaryOperator<String> urls) {
      return run == null
          ? null
          : new RunLink(run, urls.apply(run), outcome.map(o -> o.status().code()).orElse(null));
    }
  }

  public static ScheduleView of(ScheduleDetails details, UnaryOperator<String> urls) {
    Schedule schedule = details.schedule();
    return of(
        schedule,
        schedule.isGoing() ? coming(schedule.timing(), schedule, details.now()) : List.of(),
        details.lastFire().map(fire -> FireView.of(fire, Optional.empty(), urls)).orElse(null),
        details.retrying().map(next -> new Retrying(next.run(), next.at())).orElse(null),
        details.failures());
  }

  /** The schedule without its state, for the audit. */
  static ScheduleView defined(Schedule schedule) {
    return of(schedule, List.of(), null, null, 0);
  }

  private static ScheduleView of(
      Schedule schedule,
      List<Instant> next,
      @Nullable FireView lastFire,
      @Nullable Retrying retrying,
      int failures) {
    ScheduleDefinition definition = schedule.definition();
    Timing timing = schedule.timing();
    Pause pause = schedule.state().paused();
    return new ScheduleView(
        schedule.name(),
        definition.cron(),
        definition.every(),
        definition.at(),
        definition.timezone(),
        definition.parameters(),
        definition.enabled(),
        definition.missed().code(),
        definition.retry().shown(),
        definition.jitter().isZero() ? null : definition.jitter(),
        definition.start(),
        definition.end(),
        timing.words(ZoneId.of(definition.timezone())) + ".",
        next,
        lastFire,
        retrying,
        failures,
        pause == null ? null : pause.reason(),
        pause == null ? null : pause.at(),
        schedule.createdAt(),
        schedule.modifiedAt());
  }

  // Never a decided time: setting the clock back does not repeat it.
  private static List<Instant> coming(Timing timing, Schedule schedule, Instant now) {
    Instant undecided = schedule.state().nextTime();
    if (undecided == null) {
      return List.of();
    }
    Fire first = timing.at(undecided);
    Fire next = first.due().isAfter(now) ? first : timing.nextDue(now).orElse(null);
    return timing.from(next, COMING).stream().map(Fire::due).toList();
  }
}
