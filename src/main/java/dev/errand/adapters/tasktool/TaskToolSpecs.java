package dev.errand.adapters.tasktool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleToolSchema;
import dev.errand.base.json.Json;
import dev.errand.tools.port.ToolSpec;
import java.util.ArrayList;
import java.util.List;

/** The tools as a model sees them: their names, descriptions and schemas. */
final class TaskToolSpecs {
  private static final String TOOLS =
      """
      [
        {
          "name": "list",
          "description": "Lists the tasks of this profile with their prompts and models, and \
      whether each is enabled.",
          "inputSchema": {"type": "object", "properties": {}, "additionalProperties": false}
        },
        {
          "name": "create",
          "description": "Registers a task in this profile, or replaces one that this tool \
      created: a prompt that can be run later, as often as wanted. It uses the model's server \
      and the key of the task that this run belongs to.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {
                "type": "string",
                "description": "The task's name: 1 to 128 of A-Z, a-z, 0-9, '.', '_', '~' and \
      '-'.",
                "minLength": 1,
                "maxLength": 128
              },
              "prompt": {
                "type": "string",
                "description": "What the model is asked. {{ name }} stands for the parameter \
      of that name, which each run then has to give.",
                "minLength": 1
              },
              "model": {
                "type": "string",
                "description": "The model; by default that of this run's task."
              }
            },
            "required": ["task", "prompt"],
            "additionalProperties": false
          }
        },
        {
          "name": "run",
          "description": "Starts a run of a task and returns at once; wait tells what came of \
      it.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "run": {
                "type": "string",
                "description": "A name for the run. A name that is known starts nothing and \
      returns that run; without one, the run gets a name of its own."
              },
              "parameters": {"type": "object", "description": "What the names in the prompt \
      stand for."}
            },
            "required": ["task"],
            "additionalProperties": false
          }
        },
        {
          "name": "wait",
          "description": "Waits for a run to end, for 10 seconds at most, and returns its \
      status and, where it has ended, its output or error. Call it again while the status is \
      pending or running.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "task": {"type": "string", "description": "The task's name."},
              "run": {"type": "string", "description": "The run's name."},
              "seconds": {
                "type": "integer",
                "description": "How long to wait at most.",
                "minimum": 0,
                "maximum": 10,
                "default": 10
              }
            },
            "required": ["task", "run"],
            "additionalProperties": false
          }
        },
        {
          "name": "schedule",
          "description": "Has a task run by the clock: give one of cron, every and at. A \
      schedule of that name is replaced."
        }
      ]
      """;

  private TaskToolSpecs() {}

  /** The specs, in the order in which models see them. */
  static List<ToolSpec> read(Json json) {
    List<ToolSpec> specs = new ArrayList<>();
    for (JsonNode spec : json.tree(TOOLS)) {
      specs.add(
          new ToolSpec(
              spec.path("name").asText(),
              spec.path("description").asText(),
              spec.path("inputSchema") instanceof ObjectNode schema
                  ? schema
                  : ScheduleToolSchema.read(json)));
    }
    return List.copyOf(specs);
  }
}
