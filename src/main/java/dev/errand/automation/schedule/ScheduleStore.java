package dev.errand.automation.schedule;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.queue.RunOutcomes;
import dev.errand.runs.queue.RunOutcomes.Named;
import dev.errand.runs.queue.RunOutcomes.Outcome;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads schedules with their state, next times and fires. */
@ApplicationScoped
public class ScheduleStore {
  private final ScheduleRows rows;
  private final FireRows fires;
  private final RunOutcomes outcomes;
  private final ScheduleConfig config;
  private final Clock clock;

  ScheduleStore(
      ScheduleRows rows,
      FireRows fires,
      RunOutcomes outcomes,
      ScheduleConfig config,
      @DatabaseTime Clock clock) {
    this.rows = rows;
    this.fires = fires;
    this.outcomes = outcomes;
    this.config = config;
    this.clock = clock;
  }

  /**
   * A schedule with its derived state.
   *
   * @param schedule the schedule
   * @param failures the number of consecutive failures, including those that no tick has counted
   * @param lastFire its newest fire, if any
   * @param now when it was read
   */
  public record ScheduleDetails(
      Schedule schedule, int failures, Optional<DecidedFire> lastFire, Instant now) {}

  /**
   * A fire with the outcome of its run.
   *
   * @param fire the fire
   * @param outcome the outcome of its run, if that exists
   */
  public record FireDetails(DecidedFire fire, Optional<Outcome> outcome) {}

  /**
   * The task's schedule of that name.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  ScheduleDetails require(TaskSnapshot task, String name) {
    return details(
        rows.find(task.id(), name, false).orElseThrow(() -> notFound(task, name)), clock.instant());
  }

  /**
   * Some of the task's schedules, by name.
   *
   * @param after the name that they follow
   * @param most how many
   */
  @Transactional
  List<ScheduleDetails> list(TaskSnapshot task, String after, int most) {
    return details(rows.of(task.id(), after, most));
  }

  /** Reads the derived state of schedules, in the caller's transaction. */
  List<ScheduleDetails> details(List<Schedule> schedules) {
    Map<Named, Outcome> ends = outcomes.of(Firing.openRuns(schedules));
    Map<UUID, DecidedFire> last =
        fires.lastOf(schedules).stream()
            .collect(Collectors.toMap(DecidedFire::scheduleId, Function.identity()));
    Instant now = clock.instant();
    return schedules.stream()
        .map(schedule -> details(schedule, ends, Optional.ofNullable(last.get(schedule.id())), now))
        .toList();
  }

  /**
   * The schedule's newest fires, newest first, up to {@link FireRows#HISTORY}.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  List<FireDetails> fires(TaskSnapshot task, String name) {
    Schedule schedule = rows.find(task.id(), name, false).orElseThrow(() -> notFound(task, name));
    return details(fires.of(schedule.id()), Map.of(schedule.id(), task.id()));
  }

  /**
   * Reads the outcomes of the runs of fires, in the caller's transaction.
   *
   * @param tasks the task of each schedule
   */
  List<FireDetails> details(List<DecidedFire> fires, Map<UUID, UUID> tasks) {
    Map<Named, Outcome> runs =
        outcomes.of(fires.stream().flatMap(fire -> run(fire, tasks).stream()).distinct().toList());
    return fires.stream()
        .map(fire -> new FireDetails(fire, run(fire, tasks).map(runs::get)))
        .toList();
  }

  private static Optional<Named> run(DecidedFire fire, Map<UUID, UUID> tasks) {
    return Optional.ofNullable(fire.runName())
        .map(run -> new Named(Objects.requireNonNull(tasks.get(fire.scheduleId())), run));
  }

  /** Reads the derived state of a schedule, in the caller's transaction. */
  ScheduleDetails details(Schedule schedule, Instant now) {
    Optional<DecidedFire> last = fires.last(schedule.id());
    return details(schedule, outcomes.of(Firing.openRuns(List.of(schedule))), last, now);
  }

  private ScheduleDetails details(
      Schedule schedule, Map<Named, Outcome> ends, Optional<DecidedFire> last, Instant now) {
    int failures = new ScheduleTick(schedule, ends, now, config.pauseAfter()).failures();
    return new ScheduleDetails(schedule, failures, last, now);
  }

  static ApiException notFound(TaskSnapshot task, String name) {
    return new ApiException(
        ErrorCode.SCHEDULE_NOT_FOUND, "The task " + task.name() + " has no schedule " + name + ".");
  }
}
