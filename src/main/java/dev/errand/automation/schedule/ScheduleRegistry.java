package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.Schedule.State;
import dev.errand.automation.schedule.ScheduleStore.ScheduleDetails;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.runs.task.TaskStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Registers schedules: checks requests and calculates the next time. */
@ApplicationScoped
public class ScheduleRegistry {
  private static final int LOOKED_AT_FOR_JITTER = 20;

  private final ScheduleRows rows;
  private final FireRows fires;
  private final ScheduleStore store;
  private final TaskStore tasks;
  private final ScheduleConfig config;
  private final Json json;
  private final Clock clock;

  ScheduleRegistry(
      ScheduleRows rows,
      FireRows fires,
      ScheduleStore store,
      TaskStore tasks,
      ScheduleConfig config,
      Json json,
      @DatabaseTime Clock clock) {
    this.rows = rows;
    this.fires = fires;
    this.store = store;
    this.tasks = tasks;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The result of a registration.
   *
   * @param details the schedule
   * @param before the schedule as it was; null where it is new
   */
  public record Registered(ScheduleDetails details, @Nullable Schedule before) {
    /** Whether it is new. */
    public boolean created() {
      return before == null;
    }
  }

  /**
   * Creates a schedule or replaces its definition. A disabled schedule resumes if the request
   * enables it, and a paused one if the request enables it and changes anything.
   *
   * @param depth the depth of the runs that it starts; 0 where a person registers it, who then owns
   *     it
   * @throws ApiException when what is wanted is not valid; nothing is changed then
   */
  @Transactional
  Registered register(TaskSnapshot task, String name, ScheduleRequest wanted, int depth) {
    return register(task, name, wanted, depth, this::differ);
  }

  /**
   * Registers as {@link #register(TaskSnapshot, String, ScheduleRequest, int)}.
   *
   * @param resumes whether a paused schedule resumes, by its new definition and the one before
   */
  @Transactional
  Registered register(
      TaskSnapshot task,
      String name,
      ScheduleRequest wanted,
      int depth,
      BiPredicate<ScheduleDefinition, ScheduleDefinition> resumes) {
    ScheduleRequest.checkName(name);
    ScheduleDefinition definition = wanted.checked();
    if (definition.enabled()) {
      checkParameters(task, definition);
    }
    if (!rows.takeTurn(task.id())) {
      throw new ApiException(
          ErrorCode.TASK_NOT_FOUND, "The task " + task.name() + " was deleted meanwhile.");
    }
    Instant now = clock.instant();
    Schedule known = rows.find(task.id(), name, true).orElse(null);
    if (known == null) {
      checkNumber(task);
      Schedule added = added(task, name, definition, depth, now);
      rows.add(added);
      return new Registered(store.details(added, now), null);
    }
    ScheduleDefinition before = known.definition();
    boolean goesOn = !before.enabled() || resumes.test(definition, before);
    Schedule replaced = replaced(known, definition, goesOn, depth, now);
    if (replaced.equals(known.modified(now))) {
      return new Registered(store.details(known, now), known);
    }
    write(known, replaced, now);
    return new Registered(store.details(replaced, now), known);
  }

  private boolean differ(ScheduleDefinition is, ScheduleDefinition was) {
    return !is.with(was.parameters()).equals(was)
        || !json.areSame(is.parameters(), was.parameters());
  }

  private Schedule added(
      TaskSnapshot task, String name, ScheduleDefinition definition, int depth, Instant now) {
    UUID id = UUID.randomUUID();
    Instant first = firstOf(definition, id, now, now);
    State standing = new State(first, 0, List.of(), null, 0);
    return new Schedule(id, task.id(), name, definition, depth, standing, now, now);
  }

  private static Schedule replaced(
      Schedule known, ScheduleDefinition definition, boolean resumes, int depth, Instant now) {
    State stood = known.standing();
    boolean goesOn = definition.enabled() && !known.isGoing() && resumes;
    @Nullable Instant next = stood.nextTime();
    boolean letGo = false;
    if (!definition.hasTimesOf(known.definition())) {
      next = firstOf(definition, known.id(), known.createdAt(), now);
    } else if (goesOn && definition.missed() == MissedFires.NONE) {
      next =
          definition
              .timing(known.id(), known.createdAt())
              .nextDue(now, known.createdAt())
              .map(Fire::time)
              .orElse(null);
      letGo = stood.nextTime() != null && !Objects.equals(next, stood.nextTime());
    }
    State standing =
        new State(
            next,
            goesOn ? 0 : stood.failures(),
            goesOn ? List.of() : stood.openRuns(),
            goesOn ? null : stood.paused(),
            stood.fires() + (letGo ? 1 : 0));
    return new Schedule(
        known.id(),
        known.taskId(),
        known.name(),
        definition,
        depth,
        standing,
        known.createdAt(),
        now);
  }

  /**
   * The first time of a schedule from now on.
   *
   * @throws ApiException where there is none, or its jitter is longer than the interval of its
   *     times
   */
  static Instant firstOf(ScheduleDefinition definition, UUID id, Instant createdAt, Instant now) {
    Instant at = definition.at();
    if (at != null && !at.isAfter(now)) {
      throw ApiException.invalid("at", "has passed: it is " + now.truncatedTo(ChronoUnit.SECONDS));
    }
    Timing timing = definition.timing(id, createdAt);
    Fire first =
        timing
            .nextDue(now, createdAt)
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        definition.end() == null ? "cron" : "end",
                        "leaves no time at which the schedule would fire"));
    checkJitter(timing, first);
    return first.time();
  }

  private static void checkJitter(Timing timing, Fire first) {
    List<Fire> coming = timing.from(first, LOOKED_AT_FOR_JITTER);
    for (int i = 1; i < coming.size(); i++) {
      Duration apart = Duration.between(coming.get(i - 1).time(), coming.get(i).time());
      if (timing.jitter().compareTo(apart) > 0) {
        throw ApiException.invalid(
            "jitter",
            "must not be longer than the interval from one time to the next, here "
                + apart
                + " ("
                + EnglishFormat.span(apart)
                + ")");
      }
    }
  }

  /**
   * Resumes a schedule that paused itself.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, or when its parameters don't fit
   */
  @Transactional
  Registered resume(TaskSnapshot task, String name) {
    Schedule known =
        rows.find(task.id(), name, true).orElseThrow(() -> ScheduleStore.notFound(task, name));
    Instant now = clock.instant();
    if (known.standing().paused() == null) {
      return new Registered(store.details(known, now), known);
    }
    checkParameters(task, known.definition());
    Schedule going = replaced(known, known.definition(), true, known.depth(), now);
    write(known, going, now);
    return new Registered(store.details(going, now), known);
  }

  private void write(Schedule known, Schedule now, Instant decidedAt) {
    rows.replace(now);
    Instant passed = known.standing().nextTime();
    if (passed != null && now.standing().fires() > known.standing().fires()) {
      fires.add(
          List.of(
              new DecidedFire(
                  known.id(),
                  now.standing().fires(),
                  passed,
                  decidedAt,
                  DecidedFire.MISSED,
                  "From this time on, all times until now were skipped: the schedule was paused or"
                      + " disabled, and its setting is missed: none.",
                  null)));
    }
  }

  /**
   * Deletes a schedule; the runs that it started stay.
   *
   * @return the schedule as it was
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  Schedule delete(TaskSnapshot task, String name) {
    Schedule known =
        (name.indexOf('\0') >= 0 ? Optional.<Schedule>empty() : rows.find(task.id(), name, true))
            .orElseThrow(() -> ScheduleStore.notFound(task, name));
    boolean _ = rows.delete(task.id(), name);
    return known;
  }

  private void checkParameters(TaskSnapshot task, ScheduleDefinition definition) {
    String text = definition.parameters();
    if (text.getBytes(StandardCharsets.UTF_8).length > RunStarter.LARGEST_PARAMETERS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The parameters have more than " + RunStarter.LARGEST_PARAMETERS + " bytes as JSON.");
    }
    var _ = tasks.assign(task, json.read(text, ObjectNode.class), BuiltInValues.of(text));
  }

  private void checkNumber(TaskSnapshot task) {
    if (rows.count(task.id()) >= config.perTask()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_SCHEDULES,
          "The task "
              + task.name()
              + " has "
              + config.perTask()
              + " schedules, the limit set by errand.schedule.per-task: delete some.");
    }
  }
}
