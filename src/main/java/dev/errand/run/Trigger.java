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
  private final RunArchive archive;
  private final RunEntries entries;
  private final ObjectMapper json;

  Trigger(
      TaskBook tasks, RunQueue queue, RunArchive archive, RunEntries entries, ObjectMapper json) {
    this.tasks = tasks;
    this.queue = queue;
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
   * Starts a run of that name by a request, or finds the one that there is.
   *
   * @throws ApiException when it can't be started; nothing is kept then
   */
  public Triggered byRequest(Task task, String name, ObjectNode parameters) {
    checkName(name);
    if (!task.enabled) {
      throw new ApiException(
          ErrorCode.TASK_DISABLED,
          "The task " + task.name + " is disabled: put it with enabled true to run it again.");
    }
    String text = parameters.toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_PARAMETERS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The parameters have more than " + LARGEST_PARAMETERS + " bytes as JSON.");
    }
    AssignedTask assigned = tasks.assign(task, parameters, text);
    boolean started =
        queue.enqueue(
            new NewRun(
                task.id,
                task.profile.id,
                name,
                text,
                write(assigned),
                json.createObjectNode().put("kind", "api").toString(),
                0,
                entries.prompt(assigned.prompt())));
    return new Triggered(archive.find(task.id, name).orElseThrow(), started);
  }

  private static void checkName(String name) {
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
