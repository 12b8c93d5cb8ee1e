package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.queue.Run;
import jakarta.enterprise.context.ApplicationScoped;
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

  private final RunService runs;
  private final RunAnswers answers;
  private final Json json;

  ProtocolTasks(RunService runs, RunAnswers answers, Json json) {
    this.runs = runs;
    this.answers = answers;
    this.json = json;
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
    return answers.asDetailedTask(id.task, find(request, id));
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
      data.putObject("requiredCapabilities").putObject("extensions").putObject(RequestReader.TASKS);
      throw McpError.refused(
          McpError.MISSING_CAPABILITY,
          "The request does not declare the capability " + RequestReader.TASKS + ".",
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
