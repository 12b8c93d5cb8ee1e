package dev.errand.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.ApiException;
import dev.errand.error.ErrorCode;
import dev.errand.task.AssignedTask;
import dev.errand.task.Task;
import dev.errand.task.TaskBook;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Starts runs: checks what is asked for, fixes what is fixed at the trigger, and enqueues it. */
@ApplicationScoped
public class Trigger {
  /** The most bytes of parameters, as compact JSON in UTF-8. */
  public static final int LARGEST_PARAMETERS = 256 * 1024;

  private static final int LONGEST_NAME = 255;

  // What the server puts where a name was no UTF-8: two such names would be one.
  private static final int REPLACEMENT = 0xFFFD;

  private final TaskBook tasks;
  private final RunQueue queue;
  private final QueueBound bound;
  private final RunArchive archive;
  private final RunEntries entries;
  private final ObjectMapper json;

  Trigger(
      TaskBook tasks,
      RunQueue queue,
      QueueBound bound,
      RunArchive archive,
      RunEntries entries,
      ObjectMapper json) {
    this.tasks = tasks;
    this.queue = queue;
    this.bound = bound;
    this.archive = archive;
    this.entries = entries;
    this.json = json;
  }

  /**
   * What came of a trigger.
   *
   * @param run the run
   * @param started whether this trigger started it; false when its name was known
   */
  public record Triggered(Run run, boolean started) {}

  /**
   * What is to be started.
   *
   * @param name the run's name
   * @param parameters what the prompt's names stand for
   * @param payload what {@code {{ @payload }}} stands for; null for the parameters as JSON
   * @param cause what starts it, as the run shows it in {@code trigger}: a {@code kind} and more
   * @param depth how many runs stand above it
   */
  public record Order(
      String name, ObjectNode parameters, @Nullable String payload, ObjectNode cause, int depth) {}

  /**
   * Starts a run of that name by a request, or finds the one that there is.
   *
   * @throws ApiException when it can't be started; nothing is kept then
   */
  public Triggered byRequest(Task task, String name, ObjectNode parameters) {
    checkName(name);
    return start(
        task, new Order(name, parameters, null, json.createObjectNode().put("kind", "api"), 0));
  }

  /**
   * Starts a run, or finds the one of that name that there is. The name is the caller's to have
   * checked.
   *
   * @throws ApiException {@link ErrorCode#TASK_DISABLED}, {@link ErrorCode#PROFILE_PAUSED}, {@link
   *     ErrorCode#TOO_LARGE}, {@link ErrorCode#MISSING_PARAMETERS}, {@link ErrorCode#RUN_OVERLAPS}
   *     or {@link ErrorCode#QUEUE_FULL}, when it can't be started; nothing is kept then
   */
  public Triggered start(Task task, Order order) {
    checkOpen(task);
    String name = order.name();
    String text = order.parameters().toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_PARAMETERS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The parameters have more than " + LARGEST_PARAMETERS + " bytes as JSON.");
    }
    String payload = order.payload();
    AssignedTask assigned =
        tasks.assign(task, order.parameters(), payload == null ? text : payload);
    Enqueued enqueued =
        queue.enqueue(
            new NewRun(
                task.id,
                task.profile.id,
                name,
                text,
                write(assigned),
                order.cause().toString(),
                order.depth(),
                assigned.settings().isAlone(),
                entries.prompt(assigned.prompt())));
    Run run =
        archive
            .known(task, name)
            .orElseThrow(() -> enqueued == Enqueued.FULL ? bound.refusal() : overlaps(task));
    return new Triggered(run, enqueued == Enqueued.STARTED);
  }

  /** What the caller is told when a run would overlap a live one. */
  static ApiException overlaps(Task task) {
    return new ApiException(
        ErrorCode.RUN_OVERLAPS,
        "A run of the task "
            + task.name
            + " has not ended, and its settings.overlap is skip: try again when it has, or cancel"
            + " it.");
  }

  /**
   * Checks that a task's runs may be started.
   *
   * @throws ApiException {@link ErrorCode#TASK_DISABLED} or {@link ErrorCode#PROFILE_PAUSED}
   */
  static void checkOpen(Task task) {
    if (!task.enabled) {
      throw new ApiException(
          ErrorCode.TASK_DISABLED,
          "The task " + task.name + " is disabled: put it with enabled true to run it again.");
    }
    if (task.profile.pausedAt != null) {
      throw new ApiException(
          ErrorCode.PROFILE_PAUSED,
          "The profile "
              + task.profile.name
              + " is paused, and nothing starts a run in it: DELETE its pause to go on.");
    }
  }

  /**
   * Checks a name that a person or a program chose.
   *
   * @throws ApiException when it is no name for a run, or one that only a schedule gives
   */
  public static void checkName(String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1
        || length > LONGEST_NAME
        || name.equals(".")
        || name.equals("..")
        || name.codePoints()
            .anyMatch(c -> c == '/' || c == REPLACEMENT || Character.isISOControl(c))) {
      throw ApiException.invalid(
          "run", "a run's name is 1 to 255 printable characters without a slash");
    }
    if (name.indexOf('@') >= 0) {
      throw ApiException.invalid("run", "names with @ are kept for the runs of schedules");
    }
  }

  private String write(AssignedTask assigned) {
    try {
      return json.writeValueAsString(assigned);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
