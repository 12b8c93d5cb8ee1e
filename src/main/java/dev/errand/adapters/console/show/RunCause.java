package dev.errand.adapters.console.show;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a run, for people.
 *
 * @param text such as {@code schedule morning}
 * @param task the task of the run that started it; null where no run did
 * @param run the name of that run; null where no run did
 */
public record RunCause(String text, @Nullable String task, @Nullable String run) {

  /** Reads the cause from the {@code trigger} of a run. */
  public static RunCause of(JsonNode trigger) {
    String kind = trigger.path("kind").asText();
    return switch (kind) {
      case "api" -> new RunCause("request", null, null);
      case "schedule" -> named("schedule", trigger.path("schedule"));
      case "webhook" -> named("webhook", trigger.path("trigger"));
      case "mcp" -> named("chat", trigger.path("client").path("name"));
      case "run" ->
          trigger.path("task").isTextual() && trigger.path("run").isTextual()
              ? new RunCause("run", trigger.path("task").asText(), trigger.path("run").asText())
              : new RunCause("run", null, null);
      default -> new RunCause(kind, null, null);
    };
  }

  private static RunCause named(String kind, JsonNode name) {
    return new RunCause(name.asText().isEmpty() ? kind : kind + " " + name.asText(), null, null);
  }
}
