package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.models.port.RunError;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The methods of the extension {@code io.modelcontextprotocol/tasks}: runs as tasks. A task's id
 * consists of the names of its task here and of its run.
 */
@ApplicationScoped
class ProtocolTasks {
  private static final Set<ErrorCode> NOT_THERE =
      Set.of(
          ErrorCode.TASK_NOT_FOUND,
          ErrorCode.RUN_NOT_FOUND,
          ErrorCode.RUN_GONE,
          ErrorCode.INVALID_INPUT);

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  private final RunService runs;
  private final RunAnswers answers;
  private final Json json;
  private final Duration retention;

  ProtocolTasks(RunService runs, RunAnswers answers, Json json, RunConfig config) {
    this.runs = runs;
    this.answers = answers;
    this.json = json;
    this.retention = config.retention();
  }

  /** The names in a task's id. */
  private record TaskId(String task, String run) {
    static TaskId of(String taskId) throws McpError {
      int slash = taskId.indexOf('/');
      if (slash <= 0 || slash == taskId.length() - 1) {
        throw notFound();
      }
      return new TaskId(taskId.substring(0, slash), taskId.substring(slash + 1));
    }
  }

  /** The state of a task, with its result once it has one. */
  ObjectNode get(ToolRequest request) throws McpError {
    TaskId id = id(request);
    Run run = find(request, id);
    ObjectNode shown = shown(request, id.task, run);
    if (shown.path("status").asText().equals("completed")) {
      // It is the whole result of the call, and says so itself.
      shown.set("result", answers.answer(request, id.task, run).put("resultType", "complete"));
    }
    return shown;
  }

  /** A run as a task: without the result of one that has ended. */
  ObjectNode shown(ToolRequest request, String task, Run run) {
    ObjectNode shown = json.object();
    shown.put("taskId", task + "/" + run.name());
    shown.put("status", status(run));
    String waits = answers.waits(request, run);
    if (run.errorMessage() != null) {
      shown.put("statusMessage", run.errorMessage());
    } else if (waits != null) {
      shown.put("statusMessage", "The run " + waits + ".");
    }
    shown.set("createdAt", json.toTree(run.createdAt()));
    shown.set("lastUpdatedAt", json.toTree(run.modifiedAt()));
    Instant ended = run.finishedAt();
    Duration taken = ended == null ? Duration.ZERO : Duration.between(run.createdAt(), ended);
    shown.put("ttlMs", retention.plus(taken).toMillis());
    return shown.put("pollIntervalMs", POLL_INTERVAL.toMillis());
  }

  // A failed run is a completed task with an error result: `failed` is for errors of the protocol.
  private static String status(Run run) {
    return switch (run.status()) {
      case PENDING, RUNNING -> "working";
      case READY -> "completed";
      case ERROR -> RunError.CANCELLED.code().equals(run.errorCode()) ? "cancelled" : "completed";
    };
  }

  /** Accepts a client's input to a task, and ignores it, since no task requests input. */
  ObjectNode update(ToolRequest request) throws McpError {
    TaskId id = id(request);
    if (!request.message().params().path("inputResponses").isObject()) {
      throw McpError.of(McpError.INVALID_PARAMS, "params.inputResponses must be an object.");
    }
    var _ = find(request, id);
    return json.object();
  }

  ObjectNode cancel(ToolRequest request) throws McpError {
    TaskId id = id(request);
    try {
      runs.cancel(request.caller(), request.profile(), id.task, id.run);
    } catch (ApiException e) {
      throw translated(e);
    }
    return json.object();
  }

  private TaskId id(ToolRequest request) throws McpError {
    if (!request.message().knowsTasks()) {
      ObjectNode data = json.object();
      data.putObject("requiredCapabilities").putObject("extensions").putObject(McpRequest.TASKS);
      throw McpError.refused(
          McpError.MISSING_CAPABILITY,
          "The request does not declare the capability " + McpRequest.TASKS + ".",
          data);
    }
    return TaskId.of(request.message().text("taskId"));
  }

  private Run find(ToolRequest request, TaskId id) throws McpError {
    try {
      return runs.get(request.caller(), request.profile(), id.task, id.run, Entries.NONE).run();
    } catch (ApiException e) {
      throw translated(e);
    }
  }

  private static McpError translated(ApiException e) {
    if (NOT_THERE.contains(e.code())) {
      return notFound();
    }
    throw e;
  }

  private static McpError notFound() {
    return McpError.of(McpError.INVALID_PARAMS, "There is no task with that id.");
  }
}
