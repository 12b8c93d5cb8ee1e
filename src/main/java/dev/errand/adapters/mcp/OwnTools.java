package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleToolSchema;
import dev.errand.base.json.Json;
import dev.errand.identity.profile.McpOffer;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The tools that Errand itself declares: about runs, tasks and schedules. */
@ApplicationScoped
class OwnTools {
  private static final String DECLARATIONS =
      """
      [
        {
          "name": "list_tasks",
          "title": "List tasks",
          "description": "Lists the tasks of this profile with the beginning of each \
      prompt, the model, the parameters, and whether the task is enabled.",
          "inputSchema": {"type": "object", "additionalProperties": false},
          "annotations": {"readOnlyHint": true, "openWorldHint": false}
        },
        {
          "name": "get_run",
          "title": "Get a run",
          "description": "Waits for a run to end, and returns its answer or its error. If it \
      has not ended, the result says so: call it again. If it waits for a person, the result says \
      so at once: tell your user, and call it again when your user has decided.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "run": {"type": "string", "description": "The run's name."},
              "wait": {
                "type": "integer",
                "description": "The most seconds to wait; by default as long as \
      possible, or until it waits for a person.",
                "minimum": 0
              }
            },
            "required": ["task", "run"],
            "additionalProperties": false
          },
          "annotations": {"readOnlyHint": true, "openWorldHint": false}
        },
        {
          "name": "list_runs",
          "title": "List runs",
          "description": "Lists the newest runs of a task with their outputs or errors.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "status": {"type": "string", "enum": ["pending", "running", "ready", "error"]},
              "limit": {
                "type": "integer",
                "minimum": 1,
                "maximum": 50,
                "default": 10
              },
              "cursor": {
                "type": "string",
                "description": "The cursor from the previous page of the list."
              }
            },
            "required": ["task"],
            "additionalProperties": false
          },
          "annotations": {"readOnlyHint": true, "openWorldHint": false}
        },
        {
          "name": "cancel_run",
          "title": "Cancel a run",
          "description": "Cancels a run, which keeps its entries. A run that has ended \
      does not change.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "run": {"type": "string", "description": "The run's name."}
            },
            "required": ["task", "run"],
            "additionalProperties": false
          },
          "annotations": {
            "readOnlyHint": false,
            "destructiveHint": true,
            "idempotentHint": true,
            "openWorldHint": false
          }
        },
        {
          "name": "create_task",
          "title": "Create a task",
          "description": "Registers a task: a prompt that can be run later, any number of times, \
      with the model and the key of a provider.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {
                "type": "string",
                "description": "The task's name: 1 to 128 of A-Z, a-z, 0-9, '.', '_', '~' and \
      '-'."
              },
              "prompt": {
                "type": "string",
                "description": "The prompt for the model. {{ name }} stands for the parameter of \
      that name, which each run must then provide."
              },
              "provider": {
                "type": "string",
                "description": "The provider whose model and key it uses, such as ~/mine."
              }
            },
            "required": ["task", "prompt", "provider"],
            "additionalProperties": false
          },
          "annotations": {
            "readOnlyHint": false,
            "destructiveHint": false,
            "openWorldHint": false
          }
        },
        {
          "name": "schedule_task",
          "title": "Schedule a task",
          "description": "Schedules a task: give exactly one of cron, every and at. Replaces \
      a schedule of that name.",
          "annotations": {
            "readOnlyHint": false,
            "destructiveHint": true,
            "idempotentHint": true,
            "openWorldHint": false
          }
        }
      ]
      """;

  private final Map<String, Own> all = new LinkedHashMap<>();

  OwnTools(RunTools runs, ManagementTools management, RunAnswers answers, Json json) {
    for (JsonNode declared : json.tree(DECLARATIONS)) {
      ObjectNode declaration = (ObjectNode) declared;
      String name = declaration.path("name").asText();
      all.put(
          name,
          switch (name) {
            case "list_tasks" -> own(declaration, Right.SEE, false, runs::listTasks);
            case "get_run" -> {
              declaration.set("outputSchema", answers.outputSchema());
              yield own(declaration, Right.SEE_RUNS, false, runs::get);
            }
            case "list_runs" -> own(declaration, Right.SEE_RUNS, false, runs::list);
            case "cancel_run" -> own(declaration, Right.RUN, false, runs::cancel);
            case "create_task" -> own(declaration, Right.EDIT, true, management::createTask);
            case "schedule_task" -> {
              declaration.set("inputSchema", ScheduleToolSchema.read(json));
              yield own(declaration, Right.EDIT, true, management::scheduleTask);
            }
            default -> throw new IllegalStateException("Nothing does " + name + ".");
          });
    }
  }

  /**
   * One of them.
   *
   * @param manages whether it is offered with {@link McpOffer#manage()}
   */
  private record Own(ChatTool tool, Right right, boolean manages) {
    boolean isOffered(McpOffer offer) {
      return manages ? offer.manage() : offer.tasks();
    }
  }

  private static Own own(ObjectNode declaration, Right right, boolean manages, ChatTool.Call call) {
    String name = declaration.path("name").asText();
    return new Own(new ChatTool(name, () -> declaration, call), right, manages);
  }

  Set<String> names() {
    return all.keySet();
  }

  Map<String, ChatTool> offered(ProfileCaller visitor) {
    Map<String, ChatTool> offered = new LinkedHashMap<>();
    all.forEach(
        (name, own) -> {
          if (own.isOffered(visitor.offer()) && visitor.has(own.right)) {
            offered.put(name, own.tool);
          }
        });
    return offered;
  }
}
