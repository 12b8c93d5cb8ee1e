package dev.errand.models.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.tool.Content;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message of a conversation between a user, a model and tools. */
public sealed interface Message {

  /**
   * The instructions before the conversation.
   *
   * @param text the text
   */
  record Instructions(String text) implements Message {}

  /**
   * A message of the user.
   *
   * @param text the text
   * @param pictures pictures after the text
   */
  record User(String text, List<Content.Image> pictures) implements Message {
    public User {
      pictures = List.copyOf(pictures);
    }

    /** A message without pictures. */
    public User(String text) {
      this(text, List.of());
    }
  }

  /**
   * A message of the model.
   *
   * @param text the text; empty where there is none
   * @param toolCalls the tool calls that it requests, in order
   * @param refusal why the model refuses to answer, in its words; null where it does not
   * @param original the message as its vendor sent it; null where nothing but the other components
   *     is known of it
   */
  record Assistant(
      String text, List<ToolCall> toolCalls, @Nullable String refusal, @Nullable Original original)
      implements Message {
    public Assistant {
      toolCalls = List.copyOf(toolCalls);
    }

    /** The original, if this runner's vendor sent it. */
    public Optional<Original> sentBy(String runner) {
      return Optional.ofNullable(original).filter(sent -> sent.runner().equals(runner));
    }

    /** The text for a reader: that of the message or, where it has none, that of the refusal. */
    public String shownText() {
      return text.isEmpty() && refusal != null ? refusal : text;
    }
  }

  /**
   * The result of a tool call.
   *
   * @param callId the id of the call
   * @param text the text
   * @param pictures pictures beside the text
   */
  record ToolResult(String callId, String text, List<Content.Image> pictures) implements Message {
    public ToolResult {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * A model's message as its vendor sent it: raw JSON. It is stored beside the message. A port
   * whose vendor needs it sends it back unchanged; others send the message.
   *
   * @param runner the runner of the vendor
   * @param sent the raw JSON
   * @param shown the message as a run's {@code results} show it, where the port takes that from the
   *     raw JSON, with fields that a message has no place for; null where the results are built
   *     from the message
   */
  record Original(String runner, JsonNode sent, @Nullable ObjectNode shown) {}
}
