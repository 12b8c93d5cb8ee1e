package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.Schedule.State;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Precondition;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.prompt.BuiltInValues;
import dev.errand.runs.task.TaskDeletion;
import dev.errand.runs.task.TaskPreparations;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Registers, patches, resumes and deletes schedules: checks requests and calculates the next time.
 */
@ApplicationScoped
public class ScheduleRegistry {
  private static final int LOOKED_AT_FOR_DELAYS = 20;
  private static final int BEFORE_RUNS_ARE_ENDED = 100;

  private final ScheduleRows rows;
  private final FireRows fires;
  private final ScheduleReader reader;
  private final TaskPreparations tasks;
  private final ScheduleConfig config;
  private final Json json;
  private final Clock clock;
  private final Precondition precondition;

  ScheduleRegistry(
      ScheduleRows rows,
      FireRows fires,
      ScheduleReader reader,
      TaskPreparations tasks,
      ScheduleConfig config,
      Json json,
      @DatabaseTime Clock clock,
      Precondition precondition) {
    this.rows = rows;
    this.fires = fires;
    this.reader = reader;
    this.tasks = tasks;
    this.config = config;
    this.json = json;
    this.clock = clock;
    this.precondition = precondition;
  }

  /**
   * The result of a registration.
   *
   * @param before the schedule as it was; null where it is new
   */
  public record Registered(ScheduleDetails details, @Nullable Schedule before) {
    public boolean created() {
      return before == null;
    }
  }

  /**
   * Creates a schedule or replaces its definition. A disabled schedule resumes if the request
   * enables it, and a paused one if the request enables it and changes a time rule or the
   * parameters.
   *
   * @param depth the depth of the runs that it starts; 0 where a person registers it, who then owns
   *     it
   * @throws ApiException when what is wanted is not valid; nothing is changed then
   */
  @Transactional
  Registered register(TaskSnapshot task, String name, ScheduleRequest wanted, int depth) {
    return register(
        task,
        name,
        wanted,
        depth,
        (is, was) -> !is.hasRuleOf(was) || !json.areSame(is.parameters(), was.parameters()));
  }

  /**
   * Creates a person's schedule.
   *
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS}, or when what is wanted is not valid;
   *     nothing is changed then
   */
  @Transactional
  Registered create(TaskSnapshot task, String name, ScheduleRequest wanted) {
    // The lock keeps others from adding it between this check and the registration.
    boolean _ = rows.lockTask(task.id());
    if (rows.find(task.id(), name).isPresent()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The task %s already has a schedule %s: choose another name, or change that one."
              .formatted(task.name(), name));
    }
    return register(task, name, wanted, 0);
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
    NameRule.TILDE.check("schedule", "a schedule's name is", name);
    ScheduleDefinition sent = wanted.checked();
    if (sent.enabled()) {
      checkParameters(task, sent);
    }
    if (!rows.lockTask(task.id())) {
      throw new ApiException(
          ErrorCode.TASK_NOT_FOUND, "The task " + task.name() + " was deleted meanwhile.");
    }
    Instant now = clock.instant();
    TaskSchedule stored = TaskSchedule.toChange(task.id(), name).orElse(null);
    precondition.check(stored == null ? null : stored.snapshot());
    if (stored == null) {
      checkNumber(task);
      Schedule added = added(task, name, placed(sent, task, name, null), depth, now);
      TaskSchedule.of(added).persistAndFlush();
      return new Registered(reader.details(added, now), null);
    }
    Schedule known = stored.snapshot();
    ScheduleDefinition before = known.definition();
    ScheduleDefinition definition = placed(sent, task, name, before);
    boolean goesOn = !before.enabled() || resumes.test(definition, before);
    Schedule replaced = replaced(known, definition, goesOn, depth, now);
    if (replaced.equals(known.withChange(now, replaced.etag()))) {
      return new Registered(reader.details(known, now), known);
    }
    write(stored, replaced, now);
    return new Registered(reader.details(replaced, now), known);
  }

  /**
   * Creates a schedule for a run, or replaces one that a run of the same depth has created. A run
   * never replaces a person's schedule.
   *
   * @param depth the depth of the runs that it starts, 1 or more
   * @throws ApiException when it is not valid, or a schedule of that name has a lower depth, such
   *     as a person's, or does not fire; nothing is changed then
   */
  @Transactional
  Registered registerByRun(TaskSnapshot task, String name, ScheduleRequest wanted, int depth) {
    // The lock keeps others from changing or pausing it between this check and the registration.
    boolean _ = rows.lockTask(task.id());
    Schedule present =
        TaskSchedule.toChange(task.id(), name).map(TaskSchedule::snapshot).orElse(null);
    if (present != null && present.depth() < depth) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "A person, or a run of a lower depth than this one, created or changed the schedule "
              + name
              + ", and this run may not replace it: choose another name.");
    }
    if (present != null && !present.isGoing()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "The schedule "
              + name
              + " is disabled or has paused itself; only a person may resume it.");
    }
    return register(task, name, wanted, depth);
  }

  /**
   * Changes the fields of a schedule that a patch names. No other change comes between reading and
   * storing the schedule. A paused schedule resumes if the patch changes a time rule, or names
   * {@code enabled} with true.
   *
   * @param patch a JSON Merge Patch to the schedule as GET shows it
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, or when the result is not valid;
   *     nothing is changed then
   */
  @Transactional
  Registered patch(TaskSnapshot task, String name, ObjectNode patch) {
    // If the task was deleted meanwhile, its schedules were deleted with it.
    var _ = rows.lockTask(task.id());
    ScheduleView shown = ScheduleView.of(reader.require(task, name), UnaryOperator.identity());
    // A merge drops fields that the patch sets to null, even unknown ones.
    var _ = json.request(patch, ScheduleRequest.class);
    ObjectNode patched = MergePatch.apply((ObjectNode) json.tree(json.write(shown)), patch);
    boolean enables = patch.path("enabled").asBoolean();
    return register(
        task,
        name,
        json.request(patched, ScheduleRequest.class),
        0,
        (is, was) -> enables || !is.hasRuleOf(was));
  }

  private static ScheduleDefinition placed(
      ScheduleDefinition sent,
      TaskSnapshot task,
      String name,
      @Nullable ScheduleDefinition before) {
    return sent.placed(task.profile().slug(), task.name(), name, before);
  }

  private Schedule added(
      TaskSnapshot task, String name, ScheduleDefinition definition, int depth, Instant now) {
    UUID id = UUID.randomUUID();
    Instant first = firstOf(definition, id, now, now);
    State state = new State(first, 0, List.of(), null, 0);
    return new Schedule(id, task.id(), name, definition, depth, state, now, now, Tagged.fresh());
  }

  private static Schedule replaced(
      Schedule known, ScheduleDefinition definition, boolean resumes, int depth, Instant now) {
    State before = known.state();
    boolean goesOn = definition.enabled() && !known.isGoing() && resumes;
    @Nullable Instant next = before.nextTime();
    boolean letGo = false;
    if (!definition.hasTimesOf(known.definition())) {
      next = firstOf(definition, known.id(), known.createdAt(), now);
    } else if (next != null && !definition.spread().equals(known.definition().spread())) {
      // A new spread changes when the run of the next time starts, but neither skips nor repeats
      // one.
      Timing timing = definition.timing(known.id(), known.createdAt());
      checkDelays(timing, timing.at(next));
    }
    if (definition.hasTimesOf(known.definition()) && goesOn && next != null) {
      FirePlan plan = meanwhile(known, definition, next, now);
      next = plan.starts().stream().findFirst().or(plan::next).map(Fire::time).orElse(null);
      letGo = plan.missed().isPresent();
    }
    State state =
        new State(
            next,
            goesOn ? 0 : before.failures(),
            goesOn ? List.of() : before.openRuns(),
            goesOn ? null : before.paused(),
            before.fires() + (letGo ? 1 : 0));
    return new Schedule(
        known.id(),
        known.taskId(),
        known.name(),
        definition,
        depth,
        state,
        known.createdAt(),
        now,
        Tagged.fresh());
  }

  /**
   * What becomes of the times that passed while a schedule stood still.
   *
   * @param first the first of them
   */
  private static FirePlan meanwhile(
      Schedule known, ScheduleDefinition definition, Instant first, Instant now) {
    Timing timing = definition.timing(known.id(), known.createdAt());
    return FirePlan.of(timing, timing.at(first), definition.missed(), now, Duration.ZERO);
  }

  /**
   * The first time of a schedule from now on.
   *
   * @throws ApiException where there is none, or its spread or jitter is longer than the interval
   *     of its times
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
                        "leaves no time at which the schedule would run"));
    checkDelays(timing, first);
    return first.time();
  }

  private static void checkDelays(Timing timing, Fire first) {
    List<Fire> coming = timing.from(first, LOOKED_AT_FOR_DELAYS);
    for (int i = 1; i < coming.size(); i++) {
      Duration apart = Duration.between(coming.get(i - 1).time(), coming.get(i).time());
      if (timing.jitter().compareTo(apart) > 0) {
        throw ApiException.invalid(
            "jitter",
            "must not be longer than the interval from one time to the next, here %s"
                .formatted(Durations.words(apart)));
      }
      if (timing.jitter().plus(timing.spread()).compareTo(apart) > 0) {
        throw ApiException.invalid(
            "spread",
            "must not%s be longer than the interval from one time to the next, here %s"
                .formatted(
                    timing.jitter().isZero() ? "" : ", together with jitter,",
                    Durations.words(apart)));
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
    TaskSchedule stored = require(task, name);
    Schedule known = stored.snapshot();
    Instant now = clock.instant();
    if (known.state().paused() == null) {
      return new Registered(reader.details(known, now), known);
    }
    checkParameters(task, known.definition());
    Schedule going = replaced(known, known.definition(), true, known.depth(), now);
    write(stored, going, now);
    return new Registered(reader.details(going, now), known);
  }

  private static TaskSchedule require(TaskSnapshot task, String name) {
    return TaskSchedule.toChange(task.id(), name)
        .orElseThrow(() -> ScheduleReader.notFound(task, name));
  }

  private void write(TaskSchedule stored, Schedule now, Instant decidedAt) {
    Schedule known = stored.snapshot();
    stored.become(now);
    TaskSchedule.flush();
    Instant passed = known.state().nextTime();
    if (passed != null && now.state().fires() > known.state().fires()) {
      ScheduleDefinition definition = now.definition();
      meanwhile(known, definition, passed, decidedAt)
          .missed()
          .map(gap -> LateTimes.words(gap, stoodStill(known, decidedAt), definition.missed()))
          .ifPresent(
              detail ->
                  fires.add(
                      List.of(
                          new DecidedFire(
                              known.id(),
                              now.state().fires(),
                              passed,
                              decidedAt,
                              DecidedFire.MISSED,
                              detail,
                              null))));
    }
  }

  // That is not told as missed: who resumes or enables it knows, and a pause was told.
  private static String stoodStill(Schedule known, Instant until) {
    ZoneId zone = ZoneId.of(known.definition().timezone());
    Pause pause = known.state().paused();
    String end = EnglishFormat.time(until, zone) + " " + zone;
    return pause == null
        ? "the schedule was disabled until " + end
        : "the schedule paused itself at %s %s, and was resumed at %s"
            .formatted(EnglishFormat.time(pause.at(), zone), zone, end);
  }

  /**
   * Deletes a schedule; the runs that it started stay.
   *
   * @return the schedule as it was
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}
   */
  @Transactional
  Schedule delete(TaskSnapshot task, String name) {
    TaskSchedule stored = require(task, name);
    precondition.check(stored.snapshot());
    stored.delete();
    return stored.snapshot();
  }

  // Before the task's live runs are read: by then a tick that was firing one of its schedules has
  // ended, and the run that it started is among them.
  void on(@Observes @Priority(BEFORE_RUNS_ARE_ENDED) TaskDeletion deletion) {
    boolean _ = rows.lockTask(deletion.taskId());
    TaskSchedule.delete("taskId", deletion.taskId());
  }

  private void checkParameters(TaskSnapshot task, ScheduleDefinition definition) {
    String text = definition.parameters();
    if (text.getBytes(StandardCharsets.UTF_8).length > RunStarter.LARGEST_PARAMETERS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The parameters have more than " + RunStarter.LARGEST_PARAMETERS + " bytes as JSON.");
    }
    tasks.checkParameters(task, json.read(text, ObjectNode.class), BuiltInValues.of(text));
  }

  private void checkNumber(TaskSnapshot task) {
    if (TaskSchedule.count("taskId", task.id()) >= config.perTask()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_SCHEDULES,
          ("The task %s has %s schedules, the limit set by errand.schedule.per-task: delete"
                  + " some.")
              .formatted(task.name(), config.perTask()));
    }
  }
}
