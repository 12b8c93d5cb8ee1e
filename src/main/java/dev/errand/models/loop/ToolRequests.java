package dev.errand.models.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.RunListener.ToolRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Parses the tool calls in a model's message. */
@ApplicationScoped
public class ToolRequests {
  private final Json json;

  ToolRequests(Json json) {
    this.json = json;
  }

  /** The calls in a message's {@code tool_calls}, in order. */
  public List<ToolRequest> in(Iterable<JsonNode> calls) {
    List<ToolRequest> requests = new ArrayList<>();
    for (JsonNode call : calls) {
      JsonNode function = call.path("function");
      requests.add(
          new ToolRequest(
              call.path("id").asText(),
              function.path("name").asText(),
              arguments(function.path("arguments"))));
    }
    return requests;
  }

  private JsonNode arguments(JsonNode given) {
    if (given.isContainerNode()) {
      // Some servers send the object itself instead of its JSON as a string.
      return given;
    }
    String text = given.asText();
    if (text.isBlank()) {
      // Models leave the arguments of a tool without parameters empty.
      return json.object();
    }
    return json.parse(text).orElseGet(() -> TextNode.valueOf(text));
  }
}
