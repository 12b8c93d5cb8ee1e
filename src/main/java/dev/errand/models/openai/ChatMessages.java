package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ConversationItem;
import dev.errand.tools.tool.Content;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Converts a conversation to the messages of the chat completions API. They depend only on recorded
 * entries, so the model sees the same conversation whichever worker continues it.
 */
final class ChatMessages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ChatMessages() {}

  /** The messages of these exchanges, in order. */
  static List<ObjectNode> of(List<ConversationItem> exchanges) {
    List<ObjectNode> messages = new ArrayList<>();
    List<ConversationItem> results = new ArrayList<>();
    JsonNode calls = JSON.arrayNode();
    for (ConversationItem exchange : exchanges) {
      if (exchange.role().equals("tool")) {
        results.add(exchange);
        continue;
      }
      addResults(messages, results, calls);
      messages.add(exchange.message());
      calls = exchange.message().path("tool_calls");
    }
    addResults(messages, results, calls);
    return messages;
  }

  // Results are recorded as the tools end, but sent in the order of the calls.
  private static void addResults(
      List<ObjectNode> messages, List<ConversationItem> results, JsonNode calls) {
    List<String> order = new ArrayList<>();
    calls.forEach(call -> order.add(call.path("id").asText()));
    results.sort(Comparator.comparingInt(result -> order.indexOf(result.toolCallId())));
    results.forEach(result -> messages.add(result.message()));
    if (results.stream().anyMatch(result -> !result.pictures().isEmpty())) {
      messages.add(pictures(results));
    }
    results.clear();
  }

  // A tool message can hold only text, and no other message may come between two tool messages, so
  // all pictures follow in one user message.
  private static ObjectNode pictures(List<ConversationItem> results) {
    ObjectNode message = JSON.objectNode().put("role", "user");
    ArrayNode content = message.putArray("content");
    for (ConversationItem result : results) {
      if (!result.pictures().isEmpty()) {
        content
            .addObject()
            .put("type", "text")
            .put("text", "The pictures of the tool call " + result.toolCallId() + ":");
        result.pictures().forEach(picture -> add(picture, content));
      }
    }
    return message;
  }

  private static void add(Content.Image picture, ArrayNode content) {
    content
        .addObject()
        .put("type", "image_url")
        .putObject("image_url")
        .put("url", "data:" + picture.mimeType() + ";base64," + picture.data());
  }
}
