package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.tools.port.Content;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Converts a conversation to the messages of the chat completions API, whose form is that of a
 * run's results. They depend only on recorded entries, so the model sees the same conversation
 * whichever worker continues it.
 */
final class ChatMessages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ChatMessages() {}

  static List<ObjectNode> of(List<Message> conversation) {
    List<ObjectNode> messages = new ArrayList<>();
    List<Message.ToolResult> results = new ArrayList<>();
    List<String> order = List.of();
    for (Message message : conversation) {
      if (message instanceof Message.ToolResult result) {
        results.add(result);
        continue;
      }
      addResults(messages, results, order);
      messages.add(of(message));
      order =
          message instanceof Message.Assistant assistant
              ? assistant.toolCalls().stream().map(Message.ToolCall::id).toList()
              : List.of();
    }
    addResults(messages, results, order);
    return messages;
  }

  private static ObjectNode of(Message message) {
    ObjectNode sent = MessageForm.of(message);
    if (message instanceof Message.User user && !user.pictures().isEmpty()) {
      ArrayNode content = sent.putArray("content");
      addText(user.text(), content);
      user.pictures().forEach(picture -> addPicture(picture, content));
    }
    return sent;
  }

  // Results are recorded as the tools end, but sent in the order of the calls.
  private static void addResults(
      List<ObjectNode> messages, List<Message.ToolResult> results, List<String> order) {
    results.sort(Comparator.comparingInt(result -> order.indexOf(result.callId())));
    results.forEach(result -> messages.add(MessageForm.of(result)));
    if (results.stream().anyMatch(result -> !result.pictures().isEmpty())) {
      messages.add(pictures(results));
    }
    results.clear();
  }

  // A tool message can hold only text, and no other message may come between two tool messages, so
  // all pictures follow in one user message.
  private static ObjectNode pictures(List<Message.ToolResult> results) {
    ObjectNode message = JSON.objectNode().put("role", "user");
    ArrayNode content = message.putArray("content");
    for (Message.ToolResult result : results) {
      if (!result.pictures().isEmpty()) {
        addText("The pictures of the tool call " + result.callId() + ":", content);
        result.pictures().forEach(picture -> addPicture(picture, content));
      }
    }
    return message;
  }

  private static void addText(String text, ArrayNode content) {
    content.addObject().put("type", "text").put("text", text);
  }

  private static void addPicture(Content.Image picture, ArrayNode content) {
    content
        .addObject()
        .put("type", "image_url")
        .putObject("image_url")
        .put("url", "data:" + picture.mimeType() + ";base64," + picture.data());
  }
}
