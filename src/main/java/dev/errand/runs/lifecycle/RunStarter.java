package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.WorkMemory;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.queue.BulkEnqueue;
import dev.errand.runs.queue.Enqueued;
import dev.errand.runs.queue.NewRun;
import dev.errand.runs.queue.QueueBound;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.task.LaterTries;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts runs: has them prepared, enqueues them, and answers for names that are known. */
@Singleton
public class RunStarter {
  /** The most bytes of parameters, as compact JSON in UTF-8. */
  public static final int LARGEST_PARAMETERS = 256 * 1024;

  private final RunPreparer preparer;
  private final RunQueue queue;
  private final BulkEnqueue bulk;
  private final QueueBound bound;
  private final RunArchive archive;
  private final RunReader reader;
  private final LockedProfileRetry retry;
  private final WorkMemory memory;
  private final Json json;

  RunStarter(
      RunPreparer preparer,
      RunQueue queue,
      BulkEnqueue bulk,
      QueueBound bound,
      RunArchive archive,
      RunReader reader,
      LockedProfileRetry retry,
      WorkMemory memory,
      Json json) {
    this.preparer = preparer;
    this.queue = queue;
    this.bulk = bulk;
    this.bound = bound;
    this.archive = archive;
    this.reader = reader;
    this.retry = retry;
    this.memory = memory;
    this.json = json;
  }

  /**
   * The run that a request started or found.
   *
   * @param run the run; one that was found is without its parameters and its output
   * @param entries its first entries, if this request started it; null when it existed
   */
  public record StartedRun(Run run, @Nullable List<String> entries, boolean otherParameters) {
    /** Whether this request started it; false when it existed. */
    public boolean started() {
      return entries != null;
    }
  }

  /**
   * A run to start.
   *
   * @param payload the value of {@code {{ @payload }}}; null for the parameters as JSON
   * @param headers the values of {@code {{ @headers.… }}}, by name
   * @param scheduledAt the time it is scheduled for; null for now
   * @param time the time of the schedule that starts it; null without a schedule
   * @param laterTries when it is tried again if its model can't be reached; null for never
   * @param parent the id of the run that starts it; null where none does
   */
  public record Order(
      String name,
      ObjectNode parameters,
      @Nullable String payload,
      Map<String, String> headers,
      RunCause cause,
      int depth,
      @Nullable Instant scheduledAt,
      @Nullable ScheduledTime time,
      @Nullable LaterTries laterTries,
      @Nullable Long parent) {

    public Order(
        String name,
        ObjectNode parameters,
        @Nullable String payload,
        RunCause cause,
        int depth,
        @Nullable Instant scheduledAt,
        @Nullable ScheduledTime time,
        @Nullable LaterTries laterTries) {
      this(name, parameters, payload, Map.of(), cause, depth, scheduledAt, time, laterTries, null);
    }

    /** A run that is started by a tool, for a person or another run. */
    public static Order byRun(
        String name, ObjectNode parameters, RunCause cause, int depth, @Nullable Long parent) {
      return new Order(name, parameters, null, Map.of(), cause, depth, null, null, null, parent);
    }

    public Order(
        String name, ObjectNode parameters, @Nullable String payload, RunCause cause, int depth) {
      this(name, parameters, payload, cause, depth, null, null, null);
    }
  }

  /**
   * Starts a run of that name by a request, or finds the existing one, whatever else the request
   * says.
   *
   * @param by who requests it; null where that is not known
   * @throws ApiException when it can't be started; nothing is stored then
   */
  public StartedRun byRequest(
      RunCause.@Nullable By by, TaskSnapshot task, String name, Supplier<ObjectNode> parameters) {
    RunCause cause = new RunCause.Api(by);
    ObjectNode given = null;
    try (WorkMemory.Room room = room(task)) {
      NewRun run;
      try {
        RunName.check(name);
        given = parameters.get();
        run = preparer.prepare(task, new Order(name, given, null, cause, 0), room);
      } catch (ApiException e) {
        Run known = archive.known(task, name).orElseThrow(() -> e);
        return given == null
            ? new StartedRun(known, null, false)
            : known(task, known, cause, given.toString());
      }
      return start(task, run, cause);
    }
  }

  /**
   * The result for a run that exists.
   *
   * @param cause what would have started it
   * @param parameters those that were given now, a JSON object
   */
  public StartedRun known(TaskSnapshot task, Run run, RunCause cause, String parameters) {
    RunCause.By by = cause.by();
    String user = by == null ? task.profile().user().username() : by.user();
    boolean areOthers =
        reader
            .withParameters(user, task, run.name())
            .filter(read -> !json.areSame(read.parameters(), parameters))
            .isPresent();
    return new StartedRun(run, null, areOthers);
  }

  /**
   * Starts a run, or finds the existing one of that name. The caller has checked the name.
   *
   * @throws ApiException {@link ErrorCode#TASK_DISABLED}, {@link ErrorCode#PROFILE_PAUSED}, {@link
   *     ErrorCode#DEPTH_EXCEEDED}, {@link ErrorCode#TOO_LARGE}, {@link
   *     ErrorCode#MISSING_PARAMETERS}, {@link ErrorCode#RUN_OVERLAPS}, {@link
   *     ErrorCode#QUEUE_FULL}, {@link ErrorCode#TASK_NOT_FOUND} where the profile was deleted
   *     meanwhile, or {@link ErrorCode#UNAVAILABLE} while it is being deleted, when it can't be
   *     started; nothing is stored then
   */
  public StartedRun start(TaskSnapshot task, Order order) {
    try (WorkMemory.Room room = room(task)) {
      return start(task, preparer.prepare(task, order, room), order.cause());
    }
  }

  private WorkMemory.Room room(TaskSnapshot task) {
    return memory.open(task.profile().user().username());
  }

  private StartedRun start(TaskSnapshot task, NewRun run, RunCause cause) {
    for (int tries = 1; ; tries++) {
      RunQueue.Placed placed = queue.enqueue(run);
      Run started = placed.run();
      if (started != null) {
        return new StartedRun(started, List.of(run.firstEntry()), false);
      }
      Optional<Run> known = archive.known(task, run.name());
      if (known.isPresent()) {
        return known(task, known.get(), cause, run.parameters());
      }
      if (placed.outcome() == Enqueued.FULL || !retry.isWanted(task, run, tries)) {
        throw refusal(task, placed.outcome());
      }
    }
  }

  /** One of several runs to start. */
  public record Start(TaskSnapshot task, Order order) {
    private RunKey key() {
      return new RunKey(task.id(), order.name());
    }
  }

  /**
   * The result for one of several runs.
   *
   * @param started whether it was started; false also when a run of its name existed
   * @param refusal why it could not be started, as {@link #start} throws it; null if it was, or
   *     existed
   */
  public record Begun(boolean started, @Nullable ApiException refusal) {}

  /**
   * Starts the first of several runs, each as {@link #start} does, in few round trips: as many as
   * take little memory and time together, and at least one.
   *
   * @param starts runs of which no two have the same task and name
   * @return the results of those, in order
   */
  public List<Begun> startSome(List<Start> starts) {
    List<RunPreparer.Prepared> prepared = preparer.prepareSome(starts);
    Map<RunKey, Enqueued> enqueued =
        bulk.enqueue(prepared.stream().flatMap(one -> Stream.ofNullable(one.run())).toList());
    List<Begun> begun = new ArrayList<>();
    for (int i = 0; i < prepared.size(); i++) {
      Enqueued outcome = enqueued.get(starts.get(i).key());
      begun.add(
          outcome == null
              ? new Begun(false, prepared.get(i).refusal())
              : begun(starts.get(i), outcome));
    }
    return begun;
  }

  private Begun begun(Start start, Enqueued outcome) {
    if (outcome == Enqueued.STARTED) {
      return new Begun(true, null);
    }
    try {
      return archive.known(start.task, start.order.name()).isPresent()
          ? new Begun(false, null)
          : new Begun(false, refusal(start.task, outcome));
    } catch (ApiException gone) {
      return new Begun(false, gone);
    }
  }

  private ApiException refusal(TaskSnapshot task, Enqueued enqueued) {
    return enqueued == Enqueued.FULL ? bound.refusal() : overlaps(task);
  }

  public static ApiException overlaps(TaskSnapshot task) {
    return new ApiException(
        ErrorCode.RUN_OVERLAPS,
        "A run of the task "
            + task.name()
            + " has not ended, and its settings.overlap is skip: try again when it has, or cancel"
            + " it.");
  }

  public static ApiException tooLarge() {
    return new ApiException(
        ErrorCode.TOO_LARGE,
        "The parameters have more than " + LARGEST_PARAMETERS + " bytes as JSON: send fewer.");
  }

  /**
   * Checks that a task's runs may be started.
   *
   * @throws ApiException {@link ErrorCode#USER_DISABLED}, {@link ErrorCode#TASK_DISABLED} or {@link
   *     ErrorCode#PROFILE_PAUSED}
   */
  public static void checkOpen(TaskSnapshot task) {
    if (task.profile().user().disabledAt() != null) {
      throw new ApiException(
          ErrorCode.USER_DISABLED,
          "The user "
              + task.profile().user().username()
              + ", who owns the task, is disabled, so no run can be started: an admin can enable"
              + " the user.");
    }
    if (!task.enabled()) {
      throw new ApiException(
          ErrorCode.TASK_DISABLED,
          "The task " + task.name() + " is disabled: set enabled to true to run it again.");
    }
    if (task.profile().pausedAt() != null) {
      throw new ApiException(
          ErrorCode.PROFILE_PAUSED,
          "The profile "
              + task.profile().name()
              + " is paused, so no run can be started in it: resume it to continue.");
    }
  }
}
