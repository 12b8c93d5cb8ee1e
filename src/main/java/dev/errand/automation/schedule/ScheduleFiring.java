package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleDecisions.Decided;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.lifecycle.RunStarter.Begun;
import dev.errand.runs.lifecycle.ScheduledTime;
import dev.errand.runs.queue.RunStatuses;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import dev.errand.runs.task.LaterTries;
import dev.errand.runs.task.TaskReader;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fires due schedules: starts their runs, records their fires and advances them to their next time,
 * all in the caller's transaction.
 */
@ApplicationScoped
public class ScheduleFiring {
  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(15);
  private static final long MOST_READ = 4 * 1024 * 1024;
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final ScheduleRows rows;
  private final ScheduleDecisions decisions;
  private final TaskReader tasks;
  private final RunStatuses statuses;
  private final RunStarter starter;
  private final LateTimes lateTimes;
  private final Json json;

  ScheduleFiring(
      ScheduleRows rows,
      ScheduleDecisions decisions,
      TaskReader tasks,
      RunStatuses statuses,
      RunStarter starter,
      LateTimes lateTimes,
      Json json) {
    this.rows = rows;
    this.decisions = decisions;
    this.tasks = tasks;
    this.statuses = statuses;
    this.starter = starter;
    this.lateTimes = lateTimes;
    this.json = json;
  }

  /** The order in which one tick fires schedules. */
  DueTurns turns() {
    return new DueTurns(rows);
  }

  /**
   * Locks due schedules that no other process has locked, and fires them. After about a second,
   * only the first of each owner is fired, and the others are left to another batch.
   *
   * @param turns in this order
   * @param taken receives the ids of the locked schedules, even if firing fails
   * @return the ids of those that are left; not of all
   */
  List<UUID> fire(Instant now, DueTurns turns, int most, List<UUID> taken) {
    return fire(now, turns, most, taken, LONGEST);
  }

  List<UUID> fire(Instant now, DueTurns turns, int most, List<UUID> taken, Duration longest) {
    List<Schedule> schedules = turns.take(now, most, taken, LONGEST_STANDSTILL);
    if (schedules.isEmpty()) {
      return List.of();
    }
    Map<UUID, TaskSnapshot> found =
        tasks.all(schedules.stream().map(Schedule::taskId).collect(Collectors.toSet()));
    // In the same order in all processes, by profile, so that two ticks that enqueue runs of the
    // same task can't deadlock.
    schedules.sort(
        Comparator.comparing((Schedule schedule) -> task(found, schedule).profile().id())
            .thenComparing(Schedule::taskId)
            .thenComparing(Schedule::name));
    Map<RunKey, RunOutcome> ends = statuses.of(openRuns(schedules));
    LateTimes.OfTick late = lateTimes.of(schedules, now);
    List<DueSchedule> due =
        schedules.stream()
            .map(
                schedule ->
                    look(
                        schedule,
                        task(found, schedule),
                        decisions.begin(schedule, ends, now),
                        late))
            .toList();
    List<DueSchedule> left = start(due, now, longest);
    Set<UUID> ids = left.stream().map(DueSchedule::id).collect(Collectors.toSet());
    decisions.store(
        due.stream()
            .filter(one -> !ids.contains(one.id()))
            .map(one -> new Decided(one.tick, one.next))
            .toList());
    return List.copyOf(ids);
  }

  private static TaskSnapshot task(Map<UUID, TaskSnapshot> found, Schedule schedule) {
    return Objects.requireNonNull(found.get(schedule.taskId()));
  }

  /**
   * A due schedule.
   *
   * @param next the first undecided time after them
   */
  private record DueSchedule(
      Schedule schedule,
      TaskSnapshot task,
      ScheduleFailures tick,
      List<Fire> starts,
      Optional<Instant> next) {
    private UUID id() {
      return schedule.id();
    }

    private UUID owner() {
      return task.profile().user().id();
    }
  }

  /** The runs of schedules whose end has not been counted. */
  public static List<RunKey> openRuns(List<Schedule> schedules) {
    return schedules.stream()
        .flatMap(
            schedule ->
                schedule.state().openRuns().stream().map(run -> new RunKey(schedule.taskId(), run)))
        .toList();
  }

  private DueSchedule look(
      Schedule schedule, TaskSnapshot task, ScheduleFailures tick, LateTimes.OfTick late) {
    if (tick.failedTooOften()) {
      Instant first = Objects.requireNonNull(schedule.state().nextTime());
      tick.pauseForFailures();
      tick.passed(
          first,
          DecidedFire.PAUSED,
          "The schedule paused itself before this, after too many failures in a row.",
          null);
      return new DueSchedule(schedule, task, tick, List.of(), Optional.of(first));
    }
    FirePlan plan = late.plan(schedule);
    plan.missed().ifPresent(gap -> tick.missed(late.missed(schedule, gap)));
    return new DueSchedule(schedule, task, tick, plan.starts(), plan.next().map(Fire::time));
  }

  /**
   * Starts the runs of due schedules.
   *
   * @return those that were left, when it took too long
   */
  private List<DueSchedule> start(List<DueSchedule> due, Instant now, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    List<DueSchedule> left = due;
    List<DueSchedule> late = new ArrayList<>();
    Set<UUID> served = new HashSet<>();
    while (!left.isEmpty()) {
      int started = startSome(part(left), now);
      left.subList(0, started).forEach(one -> served.add(one.owner()));
      left = left.subList(started, left.size());
      if (System.nanoTime() - end >= 0) {
        Set<UUID> seen = new HashSet<>(served);
        List<DueSchedule> first = new ArrayList<>();
        left.forEach(one -> (seen.add(one.owner()) ? first : late).add(one));
        left = first;
      }
    }
    return late;
  }

  // Parameters are read in parts: as trees, those of all would take too much memory.
  private static List<DueSchedule> part(List<DueSchedule> due) {
    long weight = 0;
    int size = 0;
    while (size < due.size() && weight <= MOST_READ) {
      weight += JsonWeight.of(due.get(size).schedule.definition().parameters());
      size++;
    }
    return due.subList(0, size);
  }

  /** Starts the runs of the first of some due schedules, and returns of how many: one or more. */
  private int startSome(List<DueSchedule> due, Instant now) {
    List<RunStarter.Start> starts = due.stream().flatMap(one -> starts(one).stream()).toList();
    List<Begun> begun = new ArrayList<>(starter.startSome(starts));
    int done = 0;
    int used = 0;
    for (DueSchedule one : due) {
      int end = used + one.starts.size();
      if (done > 0 && used == begun.size() && end > used) {
        break;
      }
      while (begun.size() < end) {
        begun.addAll(starter.startSome(starts.subList(begun.size(), end)));
      }
      for (Fire fire : one.starts) {
        decide(one, fire, begun.get(used++), now);
      }
      if (one.tick.failedTooOften()) {
        one.tick.pauseForFailures();
      }
      done++;
    }
    return done;
  }

  private List<RunStarter.Start> starts(DueSchedule due) {
    Schedule schedule = due.schedule;
    ObjectNode parameters = parameters(schedule.definition());
    ZoneId zone = ZoneId.of(schedule.definition().timezone());
    List<RunStarter.Start> starts = new ArrayList<>();
    for (int i = 0; i < due.starts.size(); i++) {
      Fire fire = due.starts.get(i);
      starts.add(
          new RunStarter.Start(
              due.task,
              new RunStarter.Order(
                  schedule.runName(fire.time()),
                  parameters,
                  null,
                  new RunCause.Schedule(schedule.name(), fire.time()),
                  schedule.depth(),
                  fire.due(),
                  new ScheduledTime(schedule.name(), zone, fire.time()),
                  laterTries(due, i))));
    }
    return starts;
  }

  private static @Nullable LaterTries laterTries(DueSchedule due, int number) {
    List<Duration> waits = due.schedule.definition().retry().waits();
    if (waits.isEmpty()) {
      return null;
    }
    // The run of that time starts later by the offset, too.
    Duration offset = due.schedule.definition().offset();
    Instant following =
        number + 1 < due.starts.size()
            ? due.starts.get(number + 1).time()
            : due.next.map(next -> next.plus(offset)).orElse(null);
    return new LaterTries(waits, following);
  }

  private void decide(DueSchedule due, Fire fire, Begun begun, Instant now) {
    String run = due.schedule.runName(fire.time());
    ApiException refusal = begun.refusal();
    if (refusal != null) {
      due.tick.refused(fire.time(), refusal);
      if (refusal.code() == ErrorCode.USER_DISABLED) {
        due.tick.pause(
            "It paused itself because its owner is disabled: resume it when the owner is enabled.");
      }
    } else if (begun.started()) {
      due.tick.started(
          fire.time(), run, "The run " + run + " was started" + lateTimes.words(fire, now) + ".");
    } else {
      due.tick.passed(
          fire.time(),
          DecidedFire.KNOWN,
          "The run " + run + " already exists and was not started again.",
          run);
    }
  }

  /**
   * Lets schedules go on whose next time was decided while the clock was ahead, after it was set
   * back: their next time is that of any schedule. A time whose run exists by then starts no other.
   *
   * @param after where to begin, by the ids of schedules
   * @return the last one that was looked at; empty where there are no more
   */
  Optional<UUID> bringBack(Instant now, UUID after, int most) {
    List<Schedule> ahead = rows.takeDecidedAfter(now, after, most);
    List<Schedule> back = new ArrayList<>();
    for (Schedule schedule : ahead) {
      sooner(schedule, now)
          .map(next -> schedule.withState(schedule.state().withNext(next)))
          .ifPresent(back::add);
    }
    rows.saveState(back);
    return ahead.size() < most ? Optional.empty() : Optional.of(ahead.getLast().id());
  }

  private static Optional<Instant> sooner(Schedule schedule, Instant now) {
    Instant next = schedule.state().nextTime();
    try {
      return schedule
          .timing()
          .nextDue(now)
          .map(Fire::time)
          .filter(time -> next == null || time.isBefore(next));
    } catch (RuntimeException e) {
      // For example, this machine does not know the time zone: a tick tells it when it is due.
      return Optional.empty();
    }
  }

  private ObjectNode parameters(ScheduleDefinition definition) {
    return json.read(definition.parameters(), ObjectNode.class);
  }

  /** Leaves a due schedule alone until a time, so that it does not block others. */
  void putOff(UUID id, Instant until) {
    rows.putOff(id, until);
  }

  /**
   * Skips a time of a schedule that failed with an internal error, so that it does not block
   * others.
   */
  void skip(UUID id, Instant now) {
    Schedule schedule = rows.take(id).filter(Schedule::isGoing).orElse(null);
    Instant time = schedule == null ? null : schedule.state().nextTime();
    if (schedule == null || time == null || time.isAfter(now)) {
      return;
    }
    ScheduleFailures tick = decisions.begin(schedule, Map.of(), now);
    tick.refused(
        time,
        new ApiException(
            ErrorCode.INTERNAL,
            "An internal error of Errand prevented the run; the server's log says more."));
    Optional<Instant> next = Optional.of(time);
    try {
      next = schedule.timing().nextDue(now).map(Fire::time);
      if (tick.failedTooOften()) {
        tick.pauseForFailures();
      }
    } catch (RuntimeException e) {
      // For example, this machine does not know the time zone.
      tick.pause("Its times can no longer be calculated; the server's log says why.");
    }
    decisions.store(List.of(new Decided(tick, next)));
  }
}
