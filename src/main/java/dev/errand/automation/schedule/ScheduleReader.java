package dev.errand.automation.schedule;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.runs.queue.RunStatuses;
import dev.errand.runs.queue.RunStatuses.RunByHand;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import dev.errand.runs.queue.RunStatuses.ScheduleKey;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads schedules with their state, next times and fires. */
@ApplicationScoped
public class ScheduleReader {
  // What is stored may be ahead of a clock that was set back.
  private static final Duration CLOCKS = Duration.ofDays(366);

  private final ScheduleRows rows;
  private final FittingItems fitting;
  private final FireRows fires;
  private final RunStatuses statuses;
  private final ScheduleConfig config;
  private final Clock clock;

  ScheduleReader(
      ScheduleRows rows,
      FittingItems fitting,
      FireRows fires,
      RunStatuses statuses,
      ScheduleConfig config,
      @DatabaseTime Clock clock) {
    this.rows = rows;
    this.fitting = fitting;
    this.fires = fires;
    this.statuses = statuses;
    this.config = config;
    this.clock = clock;
  }

  /**
   * A schedule with its derived state.
   *
   * @param failures the number of consecutive failures, including those that no tick has counted
   * @param lastFire its newest fire, if any
   * @param retrying its run that is tried again next, if any
   */
  public record ScheduleDetails(
      Schedule schedule,
      int failures,
      Optional<DecidedFire> lastFire,
      Optional<NextTry> retrying,
      Instant now) {}

  /** The next try of a run whose model could not be reached. */
  public record NextTry(String run, Instant at) {}

  /**
   * A fire with the outcome of its run.
   *
   * @param outcome the outcome of its run, if that exists
   */
  public record FireDetails(DecidedFire fire, Optional<RunOutcome> outcome) {}

  /**
   * The task's schedule of that name.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  ScheduleDetails require(TaskSnapshot task, String name) {
    return details(
        rows.find(task.id(), name).orElseThrow(() -> notFound(task, name)), clock.instant());
  }

  Listed<ScheduleDetails> list(Caller caller, TaskSnapshot task, String after, int most) {
    return fitting.read(
        caller.username(),
        most,
        rows.sizes(task.id(), after, most + 1),
        number ->
            QuarkusTransaction.joiningExisting()
                .call(() -> details(rows.of(task.id(), after, number))));
  }

  /** Reads the derived state of schedules, in the caller's transaction. */
  List<ScheduleDetails> details(List<Schedule> schedules) {
    Map<RunKey, RunOutcome> ends = statuses.of(ScheduleFiring.openRuns(schedules));
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
    Schedule schedule = rows.find(task.id(), name).orElseThrow(() -> notFound(task, name));
    return details(fires.of(schedule.id()), Map.of(schedule.id(), task.id()));
  }

  /** Reads the outcomes of the runs of fires, in the caller's transaction. */
  List<FireDetails> details(List<DecidedFire> fires, Map<UUID, UUID> tasks) {
    Map<RunKey, RunOutcome> runs =
        statuses.of(fires.stream().flatMap(fire -> run(fire, tasks).stream()).distinct().toList());
    return fires.stream()
        .map(fire -> new FireDetails(fire, run(fire, tasks).map(runs::get)))
        .toList();
  }

  /**
   * The schedule's newest runs that were started by hand, newest first, up to {@link
   * FireRows#HISTORY}.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  List<RunByHand> byHand(TaskSnapshot task, String name) {
    Schedule schedule = rows.find(task.id(), name).orElseThrow(() -> notFound(task, name));
    return byHand(List.of(schedule), schedule.createdAt(), clock.instant().plus(CLOCKS));
  }

  /** Reads the runs that were started by hand in a span, in the caller's transaction. */
  List<RunByHand> byHand(Collection<Schedule> schedules, Instant from, Instant until) {
    return statuses.byHand(
        schedules.stream()
            .map(schedule -> new ScheduleKey(schedule.taskId(), schedule.name()))
            .toList(),
        from,
        until,
        FireRows.HISTORY);
  }

  private static Optional<RunKey> run(DecidedFire fire, Map<UUID, UUID> tasks) {
    return Optional.ofNullable(fire.runName())
        .map(run -> new RunKey(Objects.requireNonNull(tasks.get(fire.scheduleId())), run));
  }

  /** Reads the derived state of a schedule, in the caller's transaction. */
  ScheduleDetails details(Schedule schedule, Instant now) {
    Optional<DecidedFire> last = fires.last(schedule.id());
    return details(schedule, statuses.of(ScheduleFiring.openRuns(List.of(schedule))), last, now);
  }

  private ScheduleDetails details(
      Schedule schedule, Map<RunKey, RunOutcome> ends, Optional<DecidedFire> last, Instant now) {
    int failures = new ScheduleFailures(schedule, ends, now, config.pauseAfter()).failures();
    return new ScheduleDetails(schedule, failures, last, nextTry(schedule, ends), now);
  }

  private static Optional<NextTry> nextTry(Schedule schedule, Map<RunKey, RunOutcome> ends) {
    List<NextTry> tries = new ArrayList<>();
    for (String run : schedule.state().openRuns()) {
      RunOutcome outcome = ends.get(new RunKey(schedule.taskId(), run));
      Instant at = outcome == null ? null : outcome.nextTry();
      if (at != null) {
        tries.add(new NextTry(run, at));
      }
    }
    return tries.stream().min(Comparator.comparing(NextTry::at));
  }

  static ApiException notFound(TaskSnapshot task, String name) {
    return new ApiException(
        ErrorCode.SCHEDULE_NOT_FOUND, "The task " + task.name() + " has no schedule " + name + ".");
  }
}
