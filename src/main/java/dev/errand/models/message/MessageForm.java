package dev.errand.models.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.models.message.Message.Assistant;
import dev.errand.models.message.Message.Original;
import dev.errand.models.message.Message.ToolCall;
import dev.errand.tools.port.Content;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of messages in a run's {@code results}, the same for all vendors. It has no place
 * for pictures.
 */
@Singleton
public class MessageForm {
  private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;

  private static final String ROLE = "role";
  private static final String CONTENT = "content";
  private static final String REFUSAL = "refusal";
  private static final String CALLS = "tool_calls";
  private static final String CALL_ID = "tool_call_id";
  private static final String FUNCTION = "function";
  private static final String ARGUMENTS = "arguments";

  // What the trees of a message's arguments may take of memory beside four bytes for each character
  // of their texts, which the answer holds of the memory for parsing: long texts take no more, and
  // a hundred kilobytes of numbers and small objects are more than models write.
  private static final int PER_CHARACTER = 4;
  private static final long ROOM = 1024 * 1024;

  private final Json json;

  public MessageForm(Json json) {
    this.json = json;
  }

  /** A message in this form. That of a model may be kept elsewhere: do not change it. */
  public static ObjectNode of(Message message) {
    return switch (message) {
      case Message.Instructions(String text) -> message("system").put(CONTENT, text);
      case Message.User user -> message("user").put(CONTENT, user.text());
      case Assistant assistant -> {
        ObjectNode shown = assistant.shown();
        yield shown == null ? made(assistant) : shown;
      }
      case Message.ToolResult result ->
          message("tool").put(CALL_ID, result.callId()).put(CONTENT, result.text());
    };
  }

  private static ObjectNode made(Assistant assistant) {
    ObjectNode message = message("assistant");
    boolean hasMore = assistant.refusal() != null || !assistant.toolCalls().isEmpty();
    message.put(CONTENT, assistant.text().isEmpty() && hasMore ? null : assistant.text());
    if (assistant.refusal() != null) {
      message.put(REFUSAL, assistant.refusal());
    }
    if (!assistant.toolCalls().isEmpty()) {
      ArrayNode calls = message.putArray(CALLS);
      for (ToolCall call : assistant.toolCalls()) {
        calls
            .addObject()
            .put("id", call.id())
            .put("type", FUNCTION)
            .putObject(FUNCTION)
            .put("name", call.name())
            .put(ARGUMENTS, arguments(call));
      }
    }
    return message;
  }

  private static ObjectNode message(String role) {
    return FACTORY.objectNode().put(ROLE, role);
  }

  /** A call's arguments as the model wrote them, but for blanks between them. */
  public static String arguments(ToolCall call) {
    return call.arguments().isTextual()
        ? call.arguments().textValue()
        : call.arguments().toString();
  }

  /**
   * A message of this form; null where its role is not known.
   *
   * @param isError whether it is the result of a failed tool call, which is stored beside it
   * @param pictures the pictures of the message, which are stored beside it
   * @param original the message as its vendor sent it; null where that is the same
   */
  public @Nullable Message read(
      ObjectNode shown,
      boolean isError,
      List<Content.Image> pictures,
      @Nullable Original original) {
    return switch (shown.path(ROLE).asText()) {
      case "user" -> new Message.User(text(shown.path(CONTENT)), pictures);
      case "assistant" -> assistant(shown, original);
      case "tool" ->
          new Message.ToolResult(
              shown.path(CALL_ID).asText(), text(shown.path(CONTENT)), isError, pictures);
      default -> null;
    };
  }

  /**
   * A model's message of this form.
   *
   * @param original the message as its vendor sent it; null where that is the same
   */
  public Assistant assistant(ObjectNode shown, @Nullable Original original) {
    return new Assistant(
        text(shown.path(CONTENT)),
        calls(shown.path(CALLS)),
        shown.path(REFUSAL).isTextual() ? shown.path(REFUSAL).textValue() : null,
        shown,
        original);
  }

  /** The text of a content, which is a text or a list of parts. */
  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText()));
    return text.toString();
  }

  private List<ToolCall> calls(JsonNode calls) {
    Arguments arguments = readArguments();
    List<ToolCall> read = new ArrayList<>();
    for (JsonNode call : calls) {
      JsonNode function = call.path(FUNCTION);
      read.add(
          new ToolCall(
              call.path("id").asText(),
              function.path("name").asText(),
              arguments.read(function.path(ARGUMENTS))));
    }
    return read;
  }

  /** Begins to read the arguments of the calls of one message. */
  public Arguments readArguments() {
    return new Arguments();
  }

  /** Reads the arguments of the calls of one message, the trees of which are bounded together. */
  public final class Arguments {
    private long room = ROOM;

    private Arguments() {}

    /**
     * The arguments of a call as its message has them: JSON, or a text that contains it. A text
     * whose tree would take too much memory is read as one that is no JSON.
     */
    public JsonNode read(JsonNode given) {
      if (given.isContainerNode()) {
        // Some servers send the object itself instead of its JSON as a string.
        return given;
      }
      String text = given.asText();
      if (text.isBlank()) {
        // Models leave the arguments of a tool without parameters empty.
        return json.object();
      }
      long more = JsonWeight.of(text) - (long) PER_CHARACTER * text.length();
      if (more > room) {
        return TextNode.valueOf(text);
      }
      room -= Math.max(0, more);
      return json.parse(text).orElseGet(() -> TextNode.valueOf(text));
    }
  }
}
