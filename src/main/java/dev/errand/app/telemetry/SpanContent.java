package dev.errand.app.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import io.opentelemetry.api.trace.Span;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prompts, answers and tool calls as attributes of spans, if that is enabled. */
@ApplicationScoped
class SpanContent {
  private final boolean isWanted;

  SpanContent(ObserveConfig config) {
    this.isWanted = config.content();
  }

  void ofRequest(Span span, List<ObjectNode> asked) {
    if (isWanted) {
      ArrayNode messages = JsonNodeFactory.instance.arrayNode();
      asked.forEach(message -> messages.add(message(message, null)));
      span.setAttribute("gen_ai.input.messages", messages.toString());
    }
  }

  void ofAnswer(Span span, ModelAsked.Answered answer) {
    if (isWanted) {
      span.setAttribute(
          "gen_ai.output.messages",
          JsonNodeFactory.instance
              .arrayNode()
              .add(message(answer.message(), answer.finish()))
              .toString());
    }
  }

  void ofTool(Span span, ToolCalled called) {
    if (isWanted) {
      span.setAttribute("gen_ai.tool.call.arguments", called.request().arguments().toString());
      span.setAttribute("gen_ai.tool.call.result", called.result().joinedText());
    }
  }

  // A message in the form of the semantic conventions, where it consists of parts.
  private static ObjectNode message(JsonNode message, @Nullable String finish) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    String role = message.path("role").asText();
    entry.put("role", role);
    ArrayNode parts = entry.putArray("parts");
    JsonNode content = message.path("content");
    if (role.equals("tool")) {
      parts
          .addObject()
          .put("type", "tool_call_response")
          .put("id", message.path("tool_call_id").asText())
          .set("response", content);
    } else if (content.isTextual()) {
      parts.addObject().put("type", "text").put("content", content.asText());
    } else if (content.isArray()) {
      // Only the presence of a picture is recorded.
      content.forEach(
          part ->
              parts
                  .addObject()
                  .put("type", part.path("type").asText())
                  .put("content", part.path("text").asText()));
    }
    for (JsonNode call : message.path("tool_calls")) {
      parts
          .addObject()
          .put("type", "tool_call")
          .put("id", call.path("id").asText())
          .put("name", call.at("/function/name").asText())
          .set("arguments", call.at("/function/arguments"));
    }
    if (finish != null) {
      entry.put("finish_reason", finish);
    }
    return entry;
  }
}
