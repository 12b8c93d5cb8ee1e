package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.tools.port.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Converts a conversation to the messages of the Messages API. They depend only on recorded
 * entries, so the model sees the same conversation whichever worker continues it; the vendor
 * refuses signed thinking where anything before it has changed.
 *
 * <p>User and assistant alternate. The results of all tool calls of a message stand in the user
 * message after it, before any text, in the order of the calls.
 */
final class AnthropicMessages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");

  private static final String TYPE = "type";
  private static final String TEXT = "text";
  private static final String CONTENT = "content";
  private static final String USER = "user";
  private static final String FAILED = "The tool failed.";

  private final ArrayNode messages = JSON.arrayNode();
  private final List<Message.ToolResult> results = new ArrayList<>();
  private final List<Message.User> users = new ArrayList<>();
  private List<String> order = List.of();
  private boolean hasOwnIds;

  private AnthropicMessages() {}

  static ArrayNode of(List<Message> conversation) {
    AnthropicMessages converted = new AnthropicMessages();
    conversation.forEach(converted::add);
    converted.addUser();
    converted.mark();
    return converted.messages;
  }

  private void add(Message message) {
    switch (message) {
      case Message.User user -> users.add(user);
      case Message.ToolResult result -> results.add(result);
      case Message.Assistant assistant -> {
        addUser();
        addAssistant(assistant);
      }
      case Message.Instructions _ -> {} // They are part of the system text.
    }
  }

  // Results are recorded as the tools end.
  private void addUser() {
    ArrayNode content = JSON.arrayNode();
    results.sort(Comparator.comparingInt(result -> order.indexOf(result.callId())));
    results.forEach(result -> addResult(result, content));
    for (Message.User user : users) {
      addText(user.text(), content);
      user.pictures().forEach(picture -> addPicture(picture, content));
    }
    addTo(USER, content);
    results.clear();
    users.clear();
  }

  private void addResult(Message.ToolResult result, ArrayNode content) {
    ObjectNode block = content.addObject().put(TYPE, "tool_result");
    block.put("tool_use_id", hasOwnIds ? result.callId() : validId(result.callId()));
    if (!result.pictures().isEmpty()) {
      ArrayNode parts = block.putArray(CONTENT);
      addText(result.text(), parts);
      result.pictures().forEach(picture -> addPicture(picture, parts));
    } else if (result.isError()) {
      // An error must have a text and nothing else.
      block.put(CONTENT, result.text().isEmpty() ? FAILED : result.text()).put("is_error", true);
    } else {
      block.put(CONTENT, result.text());
    }
  }

  private void addAssistant(Message.Assistant assistant) {
    order = assistant.toolCalls().stream().map(Message.ToolCall::id).toList();
    JsonNode sent = assistant.sentBy(AnthropicSettings.RUNNER).orElse(JSON.missingNode());
    hasOwnIds = sent.isArray();
    ArrayNode content = JSON.arrayNode();
    if (hasOwnIds) {
      // The vendor sends empty texts, but does not take them back.
      sent.valueStream().filter(block -> !isBlankText(block)).forEach(content::add);
    } else {
      addForeign(assistant, content);
    }
    addTo("assistant", content);
  }

  private static boolean isBlankText(JsonNode block) {
    return block.path(TYPE).asText().equals(TEXT) && block.path(TEXT).asText().isBlank();
  }

  // A message that another vendor sent, or of which nothing more is known.
  private static void addForeign(Message.Assistant message, ArrayNode content) {
    if (!message.output().isBlank()) {
      addText(message.output(), content);
    }
    for (Message.ToolCall call : message.toolCalls()) {
      content
          .addObject()
          .put(TYPE, "tool_use")
          .put("id", validId(call.id()))
          .put("name", call.name())
          .set("input", call.arguments().isObject() ? call.arguments() : JSON.objectNode());
    }
  }

  private static String validId(String id) {
    return ID.matcher(id).matches()
        ? id
        : "call_" + HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8));
  }

  // Two messages of the same side, such as a paused one and its continuation, are one to the
  // vendor. An empty message would be refused.
  private void addTo(String role, ArrayNode content) {
    JsonNode last = messages.path(messages.size() - 1);
    if (last.path("role").asText().equals(role)) {
      ((ArrayNode) last.path(CONTENT)).addAll(content);
    } else if (!content.isEmpty()) {
      messages.addObject().put("role", role).set(CONTENT, content);
    }
  }

  // One mark for this request and one where the request before it had this mark, so that what that
  // cached is found however many blocks the model and the tools have added. Only blocks of the
  // user are marked: those of the model go back unchanged.
  private void mark() {
    int marks = 0;
    for (int i = messages.size() - 1; i >= 0 && marks < 2; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").asText().equals(USER)) {
        markLast((ArrayNode) message.path(CONTENT));
        marks++;
      }
    }
  }

  /** Marks the end of what the server may cache; nothing in an empty list. */
  static void markLast(ArrayNode blocks) {
    if (blocks.path(blocks.size() - 1) instanceof ObjectNode last) {
      last.putObject("cache_control").put(TYPE, "ephemeral");
    }
  }

  /** Adds a text, unless it is empty, which the vendor refuses. */
  static void addText(String text, ArrayNode content) {
    if (!text.isEmpty()) {
      content.addObject().put(TYPE, TEXT).put(TEXT, text);
    }
  }

  private static void addPicture(Content.Image picture, ArrayNode content) {
    content
        .addObject()
        .put(TYPE, "image")
        .putObject("source")
        .put(TYPE, "base64")
        .put("media_type", picture.mimeType())
        .put("data", picture.data());
  }
}
