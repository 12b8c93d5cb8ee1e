package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;

/** The schema of the arguments by which a model sets a schedule, whichever tool it calls for it. */
public final class ScheduleToolSchema {
  private static final String SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "task": {"type": "string", "description": "The task's name."},
          "schedule": {
            "type": "string",
            "description": "A name for the schedule, 1 to 64 characters."
          },
          "cron": {
            "type": "string",
            "description": "Five fields: minute, hour, day of the month, month, day of the week; \
      or @hourly, @daily and the like."
          },
          "every": {"type": "string", "description": "An ISO 8601 duration, such as PT15M."},
          "at": {"type": "string", "description": "One time, such as 2027-01-01T09:00:00Z."},
          "timezone": {
            "type": "string",
            "description": "An IANA zone, such as Europe/Berlin; UTC by default."
          },
          "parameters": {
            "type": "object",
            "description": "What the names in the prompt stand for."
          }
        },
        "required": ["task", "schedule"],
        "additionalProperties": false
      }
      """;

  private ScheduleToolSchema() {}

  public static ObjectNode read(Json json) {
    return (ObjectNode) json.tree(SCHEMA);
  }
}
