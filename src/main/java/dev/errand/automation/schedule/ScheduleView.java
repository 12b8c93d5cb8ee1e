package dev.errand.automation.schedule;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
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
 * @param missed none, last or all
 * @param retry {@code never}, or the waits before each further try of a run whose model can't be
 *     reached
 * @param jitter each fire is delayed by less than this
 * @param spread all fires are delayed by the same part of this
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Schedule")
public record ScheduleView(
    @Field String name,
    @Field("Five fields, or a nickname such as `@daily`.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String cron,
    @Field("A duration in ISO 8601, `PT1S` to `P366D`.") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration every,
    @Field("One time.") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant at,
    @Field String timezone,
    @Field @JsonRawValue String parameters,
    @Field boolean enabled,
    @Field(codes = MissedFires.class) String missed,
    @Field(schema = "ScheduleRetry") Object retry,
    @Field @Nullable Duration jitter,
    @Field @Nullable Duration spread,
    @Field @Nullable Instant start,
    @Field @Nullable Instant end,
    @Field("The rule in words.") String description,
    @Field("The next times, five at most.") List<Instant> next,
    @Field(schema = "Fire") @Nullable FireView lastFire,
    @Field(
            "The run that is tried again next, since its model could not be "
                + "reached; absent where none is.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Retrying retrying,
    @Field("Failures in a row.") int failures,
    @Field("Why the schedule paused itself.") @Nullable String pausedReason,
    @Field @Nullable Instant pausedAt,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {
  private static final int COMING = 5;

  /** The result for one time of a schedule. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("Fire")
  public record FireView(
      @Field("The scheduled time.") Instant scheduledFor,
      @Field Instant decidedAt,
      @Field(
              "`started`, `known`, `missed`, `paused`, or the code of the error that "
                  + "prevented the start.")
          String verdict,
      @Field("The same in a sentence.") String detail,
      @Field(schema = "RunLink") @Nullable RunLink run) {

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
  public record Retrying(@Field String run, @Field Instant at) {}

  /**
   * The run of a fire.
   *
   * @param url its absolute URL
   * @param status its status; absent where it is not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ApiSchema("RunLink")
  public record RunLink(@Field String name, @Field String url, @Field @Nullable String status) {
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

  /** The schedule without its state, for the audit and for forms. */
  public static ScheduleView defined(Schedule schedule) {
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
        definition.spread().isZero() ? null : definition.spread(),
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
        schedule.modifiedAt(),
        schedule.etag());
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
