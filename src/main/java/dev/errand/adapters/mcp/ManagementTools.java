package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.runs.lifecycle.RunDepthLimit;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.UnaryOperator;

/** Creates and schedules tasks for chats. */
@ApplicationScoped
class ManagementTools {
  private final TaskService tasks;
  private final ScheduleService schedules;
  private final ToolAnswers results;
  private final Json json;

  ManagementTools(TaskService tasks, ScheduleService schedules, ToolAnswers results, Json json) {
    this.tasks = tasks;
    this.schedules = schedules;
    this.results = results;
    this.json = json;
  }

  /** Creates a task with the key of a provider. */
  ObjectNode createTask(ToolRequest request) {
    Arguments arguments = new Arguments(request.arguments(), "task", "prompt", "provider");
    TaskView made =
        tasks
            .create(
                request.caller(),
                request.profile(),
                arguments.text("task"),
                new TaskRegistration(
                    arguments.text("provider"), null, arguments.text("prompt"), null, null),
                null)
            .task();
    return results.structured(
        json.object()
            .put("task", made.name())
            .put("prompt", made.effective().prompt())
            .put("model", made.effective().model())
            .put("provider", made.provider()));
  }

  /**
   * Creates a schedule, or replaces the one of that name; its runs get the depth of the calling
   * run.
   */
  ObjectNode scheduleTask(ToolRequest request) throws McpError {
    Arguments arguments =
        new Arguments(
            request.arguments(),
            "task",
            "schedule",
            "cron",
            "every",
            "at",
            "timezone",
            "parameters");
    String task = arguments.text("task");
    ScheduleView set =
        set(
            request,
            task,
            arguments.text("schedule"),
            ScheduleRequest.of(
                arguments.textOrNull("cron"),
                arguments.textOrNull("every"),
                arguments.textOrNull("at"),
                arguments.textOrNull("timezone"),
                arguments.anyOrNull("parameters")));
    ObjectNode shown = json.object().put("task", task).put("schedule", set.name());
    shown.put("understood", set.description());
    ArrayNode next = shown.putArray("next");
    set.next().forEach(time -> next.add(json.toTree(time)));
    return results.structured(shown);
  }

  private ScheduleView set(
      ToolRequest request, String task, String schedule, ScheduleRequest wanted) throws McpError {
    Caller caller = request.caller();
    int depth = request.message().runsAbove();
    if (depth == 0) {
      return ScheduleView.of(
          schedules.register(caller, request.profile(), task, schedule, wanted).details(),
          UnaryOperator.identity());
    }
    RunDepthLimit.check(depth);
    return schedules.registerByRun(caller, request.profile(), task, schedule, wanted, depth);
  }
}
