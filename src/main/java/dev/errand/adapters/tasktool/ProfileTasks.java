package dev.errand.adapters.tasktool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.schedule.SchedulesByRuns;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.profile.Profile;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.runs.queue.RunDepth;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.run.archive.RunArchive;
import dev.errand.runs.run.start.RunName;
import dev.errand.runs.run.start.RunStarter;
import dev.errand.runs.run.watch.RunWatch;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskBook;
import dev.errand.runs.task.TasksByRuns;
import dev.errand.tools.install.InnerDoor.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The tasks of a profile, as a run in it may use them. */
@ApplicationScoped
class ProfileTasks {
  /** A worker whose runs all wait for others must come to the others, too. */
  static final int LONGEST_WAIT = 10;

  private static final Duration TO_ANSWER = Duration.ofSeconds(1);

  private final TaskBook tasks;
  private final TasksByRuns made;
  private final RunStarter trigger;
  private final RunArchive archive;
  private final RunWatch watch;
  private final SchedulesByRuns schedules;
  private final Json json;

  ProfileTasks(
      TaskBook tasks,
      TasksByRuns made,
      RunStarter trigger,
      RunArchive archive,
      RunWatch watch,
      SchedulesByRuns schedules,
      Json json) {
    this.tasks = tasks;
    this.made = made;
    this.trigger = trigger;
    this.archive = archive;
    this.watch = watch;
    this.schedules = schedules;
    this.json = json;
  }

  @RegisterForReflection
  record NewTask(@Nullable String task, @Nullable String prompt, @Nullable String model) {}

  @RegisterForReflection
  record RunOf(@Nullable String task, @Nullable String run, @Nullable ObjectNode parameters) {}

  @RegisterForReflection
  record WaitFor(@Nullable String task, @Nullable String run, @Nullable Integer seconds) {}

  @RegisterForReflection
  record ScheduleOf(
      @Nullable String task,
      @Nullable String schedule,
      @Nullable String cron,
      @Nullable String every,
      @Nullable String at,
      @Nullable String timezone,
      @Nullable JsonNode parameters) {}

  /** A task as a model sees it. */
  @RegisterForReflection
  record ToldTask(String task, String prompt, String model, boolean enabled) {}

  /** A run as a model sees it. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToldRun(
      String task,
      String run,
      String status,
      @Nullable String output,
      @Nullable String code,
      @Nullable String error) {}

  /** A schedule as a model sees it. */
  @RegisterForReflection
  record ToldSchedule(String task, String schedule, String understood, List<Instant> next) {}

  List<ToldTask> list(Caller caller) {
    return tasks.list(profile(caller)).stream().map(this::told).toList();
  }

  ToldTask create(Caller caller, NewTask wanted) {
    String name = required("task", wanted.task());
    String prompt = required("prompt", wanted.prompt());
    UUID maker =
        run(caller)
            .map(Run::taskId)
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        "task", "only a run can create a task here, for it lends its key to it"));
    return told(made.byRun(maker, name, prompt, wanted.model()));
  }

  ToldRun run(Caller caller, String callId, RunOf wanted) {
    Optional<Run> above = run(caller);
    int depth = above.map(run -> run.depth() + 1).orElse(0);
    Task task = tasks.require(profile(caller), required("task", wanted.task()));
    ObjectNode cause = json.object().put("kind", "run");
    above.ifPresent(run -> cause.put("run", run.name()).put("task", taskName(run)));
    ObjectNode parameters = wanted.parameters() == null ? json.object() : wanted.parameters();
    String name = wanted.run();
    if (name == null) {
      name = ownName(above, callId, parameters);
    } else {
      RunName.check(name);
    }
    return told(
        task.name,
        trigger.start(task, new RunStarter.Order(name, parameters, null, cause, depth)).run());
  }

  /**
   * Waits for a run's end.
   *
   * @param left how long the tool call may still take
   */
  ToldRun await(Caller caller, WaitFor wanted, Duration left) throws InterruptedException {
    int seconds = wanted.seconds() == null ? LONGEST_WAIT : wanted.seconds();
    if (seconds < 0 || seconds > LONGEST_WAIT) {
      throw ApiException.invalid("seconds", "must be between 0 and " + LONGEST_WAIT);
    }
    Task task = tasks.require(profile(caller), required("task", wanted.task()));
    String run = required("run", wanted.run());
    Run found = archive.require(task, run);
    Duration most = Collections.min(List.of(Duration.ofSeconds(seconds), left.minus(TO_ANSWER)));
    if (!found.status().isEnd() && most.isPositive()) {
      watch.awaitEnd(found, most);
      found = archive.require(task, run);
    }
    return told(task.name, found);
  }

  ToldSchedule schedule(Caller caller, ScheduleOf wanted) {
    // What a schedule starts stands as deep as the run that made it, or a chain would have no end.
    int depth = run(caller).map(run -> run.depth() + 1).orElse(1);
    RunDepth.check(depth);
    Task task = tasks.require(profile(caller), required("task", wanted.task()));
    ScheduleView set =
        schedules.byRun(
            task,
            required("schedule", wanted.schedule()),
            new ScheduleRequest(
                wanted.cron(),
                wanted.every(),
                wanted.at(),
                wanted.timezone(),
                wanted.parameters(),
                null,
                null,
                null,
                null,
                null),
            depth);
    return new ToldSchedule(task.name, set.name(), set.description(), set.next());
  }

  private static String required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw ApiException.invalid(field, "is required");
    }
    return value;
  }

  private static Profile profile(Caller caller) {
    return inTransaction(() -> Profile.findById(caller.profileId()));
  }

  private Optional<Run> run(Caller caller) {
    Long id = caller.runId();
    if (id == null) {
      return Optional.empty();
    }
    // Without it, what it starts would pass for what a person does.
    return Optional.of(
        archive
            .find(id)
            .orElseThrow(
                () ->
                    new ApiException(ErrorCode.RUN_NOT_FOUND, "This run is not there any more.")));
  }

  private static String taskName(Run run) {
    return inTransaction(() -> Task.<Task>findById(run.taskId()).name);
  }

  // A call that is made again after a crash has the same id, and so starts the same run. There are
  // models that give an id to a second call of theirs; that one tells by its parameters.
  private static String ownName(Optional<Run> above, String callId, ObjectNode parameters) {
    String called = above.map(run -> run.id() + " ").orElse("") + callId + " " + parameters;
    return "by-run-" + HexFormat.of().formatHex(Sha256.of(called), 0, 12);
  }

  private ToldTask told(Task task) {
    ModelSettings model = tasks.model(task);
    return new ToldTask(task.name, model.prompt(), model.model(), task.enabled);
  }

  private static ToldRun told(String task, Run run) {
    return new ToldRun(
        task, run.name(), run.status().code(), run.output(), run.errorCode(), run.errorMessage());
  }

  private static <T> T inTransaction(Callable<T> work) {
    return QuarkusTransaction.joiningExisting().call(work);
  }
}
