package dev.errand.adapters.mcp.tool;

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
          "description": "Lists the tasks of this profile with the beginnings of their \
      prompts, their models and parameters, and whether each is enabled.",
          "inputSchema": {"type": "object", "additionalProperties": false},
          "annotations": {"readOnlyHint": true, "openWorldHint": false}
        },
        {
          "name": "get_run",
          "title": "Get a run",
          "description": "Waits for a run to end, and returns its answer or its error. Where it \
      has not ended by then, the result says so: call it again.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "run": {"type": "string", "description": "The run's name."},
              "wait": {
                "type": "integer",
                "description": "For how many seconds to wait at most; by default as long as it \
      may.",
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
          "description": "Cancels a run, which keeps what it did so far. One that has ended \
      stays as it is.",
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
          "description": "Registers a task: a prompt that can be run later, as often as wanted, \
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
                "description": "What the model is asked. {{ name }} stands for the parameter of \
      that name, which each run then has to give."
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
          "description": "Has a task run by the clock: give one of cron, every and at. A \
      schedule of that name is replaced.",
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
   * @param tool the tool
   * @param right the right that its caller needs
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

  /** Their names, which are reserved. */
  Set<String> names() {
    return all.keySet();
  }

  /** Those that are offered to a caller. */
  Map<String, ChatTool> offered(Visitor visitor) {
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
