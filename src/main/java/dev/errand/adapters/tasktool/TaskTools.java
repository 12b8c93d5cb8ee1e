package dev.errand.adapters.tasktool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.OwnedProfile;
import dev.errand.identity.profile.Right;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.history.RunView.WaitingFor;
import dev.errand.runs.lifecycle.RunDepthLimit;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskReader;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import dev.errand.tools.port.ToolUser;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Operations on the tasks of a profile, for runs in that profile. */
@ApplicationScoped
class TaskTools {
  /** Short, so that a worker whose runs all wait for other runs still gets to execute those. */
  static final int LONGEST_WAIT = 10;

  private static final Duration TO_ANSWER = Duration.ofSeconds(1);

  private final ProfileAccess access;
  private final TaskService tasks;
  private final TaskReader reader;
  private final RunService runs;
  private final ScheduleService schedules;
  private final RunArchive archive;
  private final RunUrls urls;

  TaskTools(
      ProfileAccess access,
      TaskService tasks,
      TaskReader reader,
      RunService runs,
      ScheduleService schedules,
      RunArchive archive,
      RunUrls urls) {
    this.access = access;
    this.tasks = tasks;
    this.reader = reader;
    this.runs = runs;
    this.schedules = schedules;
    this.archive = archive;
    this.urls = urls;
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
  record TaskAnswer(String task, String prompt, String model, boolean enabled) {}

  /**
   * What a pending run waits for.
   *
   * @param kind {@code approval} where a person has to decide about its tool calls, or {@code
   *     retry}
   * @param url where the person decides; absent for a retry
   * @param note what the model is to do meanwhile; absent for a retry
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WaitAnswer(String kind, Instant until, @Nullable String url, @Nullable String note) {
    private static final String NOTE =
        "Only a person can let it go on: do not wait for that, and say in your answer that it"
            + " waits, and where a person decides.";
    private static final String PATH =
        " The url is a path under the address of Errand, which its operator has not set.";

    static @Nullable WaitAnswer of(@Nullable WaitingFor waiting) {
      return waiting == null
          ? null
          : new WaitAnswer(
              waiting.kind(),
              waiting.until(),
              waiting.url(),
              waiting.approvals() == null ? null : note(waiting.url()));
    }

    // No request says at which address people reach the service.
    private static String note(@Nullable String url) {
      return url != null && url.startsWith("/") ? NOTE + PATH : NOTE;
    }
  }

  /** A run as a model sees it. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunAnswer(
      String task,
      String run,
      String status,
      @Nullable String output,
      @Nullable String code,
      @Nullable String error,
      List<String> warnings,
      @Nullable WaitAnswer waitingFor) {}

  /** A schedule as a model sees it. */
  @RegisterForReflection
  record ScheduleAnswer(String task, String schedule, String understood, List<Instant> next) {}

  /**
   * The tasks of the profile, by name.
   *
   * @param most how many characters an answer may have; where the prompts have more, there are
   *     others
   */
  List<TaskAnswer> list(ToolUser user, long most) {
    OwnedProfile own = access.ownedProfile(user.profileId());
    List<TaskAnswer> all = new ArrayList<>();
    AtomicLong characters = new AtomicLong();
    tasks.each(
        own.caller(),
        own.profile(),
        Right.SEE,
        task -> {
          if (characters.get() <= most) {
            TaskAnswer answer = answer(task);
            characters.addAndGet(answer.prompt.length());
            all.add(answer);
          }
        });
    return all;
  }

  TaskAnswer create(ToolUser user, NewTask wanted) {
    String name = required("task", wanted.task());
    String prompt = required("prompt", wanted.prompt());
    Optional<Run> above = run(user);
    UUID maker =
        above
            .map(Run::taskId)
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        "task",
                        "only a run can create a task here, since the task gets the"
                            + " run's key"));
    OwnedProfile own = access.ownedProfile(user.profileId());
    return answer(
        tasks.registerByRun(by(own, above), own.profile(), maker, name, prompt, wanted.model()));
  }

  RunAnswer run(ToolUser user, String callId, RunOf wanted) {
    Optional<Run> above = run(user);
    String task = required("task", wanted.task());
    RunCause cause =
        new RunCause.Run(
            above
                .map(run -> new RunCause.Parent(reader.name(run.taskId()), run.name()))
                .orElse(null));
    ObjectNode parameters =
        wanted.parameters() == null ? JsonNodeFactory.instance.objectNode() : wanted.parameters();
    String name = wanted.run() == null ? ownName(above, callId, parameters) : wanted.run();
    OwnedProfile own = access.ownedProfile(user.profileId());
    return answer(
        own,
        task,
        runs.start(
                own.caller(),
                own.profile(),
                task,
                RunStarter.Order.byRun(name, parameters, cause, user.runsAbove(), user.parent()))
            .run()
            .run());
  }

  /** Waits for the end of a run. */
  RunAnswer await(ToolUser user, WaitFor wanted, Duration left) throws InterruptedException {
    int seconds = wanted.seconds() == null ? LONGEST_WAIT : wanted.seconds();
    if (seconds < 0 || seconds > LONGEST_WAIT) {
      throw ApiException.invalid("seconds", "must be between 0 and " + LONGEST_WAIT);
    }
    String task = required("task", wanted.task());
    String run = required("run", wanted.run());
    Duration most = Collections.min(List.of(Duration.ofSeconds(seconds), left.minus(TO_ANSWER)));
    OwnedProfile own = access.ownedProfile(user.profileId());
    return answer(
        own,
        task,
        runs.await(own.caller(), own.profile(), task, run, Entries.NONE, most, gone -> {}).run());
  }

  ScheduleAnswer schedule(ToolUser user, ScheduleOf wanted) {
    // Runs of a schedule get the depth of the run that created it, or a chain would have no end.
    Optional<Run> above = run(user);
    RunDepthLimit.check(user.runsAbove());
    String task = required("task", wanted.task());
    OwnedProfile own = access.ownedProfile(user.profileId());
    ScheduleView set =
        schedules.registerByRun(
            by(own, above),
            own.profile(),
            task,
            required("schedule", wanted.schedule()),
            ScheduleRequest.of(
                wanted.cron(), wanted.every(), wanted.at(), wanted.timezone(), wanted.parameters()),
            user.runsAbove());
    return new ScheduleAnswer(task, set.name(), set.description(), set.next());
  }

  private static String required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw ApiException.invalid(field, "is required");
    }
    return value;
  }

  private Optional<Run> run(ToolUser user) {
    Long id = user.runId();
    if (id == null) {
      return Optional.empty();
    }
    // Without the calling run, the started run would seem to be started by a person.
    return Optional.of(
        archive
            .find(id)
            .orElseThrow(
                () -> new ApiException(ErrorCode.RUN_NOT_FOUND, "This run no longer exists.")));
  }

  /** The profile's owner, for whom a run acts. */
  private Caller by(OwnedProfile own, Optional<Run> above) {
    return above
        .map(run -> own.profile() + "/" + reader.name(run.taskId()) + "/" + run.name())
        .map(run -> own.caller().byClient("run " + run))
        .orElse(own.caller());
  }

  // A call that is repeated after a crash has the same id, and so starts the same run. Some models
  // reuse the id for another call; the parameters distinguish it.
  private static String ownName(Optional<Run> above, String callId, ObjectNode parameters) {
    String called = above.map(run -> run.id() + " ").orElse("") + callId + " " + parameters;
    return "by-run-" + HexFormat.of().formatHex(Sha256.of(called), 0, 12);
  }

  private static TaskAnswer answer(TaskView task) {
    return new TaskAnswer(
        task.name(), task.effective().prompt(), task.effective().model(), task.enabled());
  }

  private RunAnswer answer(OwnedProfile own, String task, Run run) {
    WaitingFor waiting = WaitingFor.of(run, urls.ofDecision(null, own.profile(), run));
    return new RunAnswer(
        task,
        run.name(),
        run.status().code(),
        run.output(),
        run.errorCode(),
        run.errorMessage(),
        run.warnings(),
        WaitAnswer.of(waiting));
  }
}
