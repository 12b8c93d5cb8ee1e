package dev.errand.models.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.StorableText;
import dev.errand.tools.port.Content;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message of a conversation between a user, a model and tools. */
public sealed interface Message {

  /** The instructions before the conversation. */
  record Instructions(String text) implements Message {}

  /** A message of the user. */
  record User(String text, List<Content.Image> pictures) implements Message {
    public User {
      pictures = List.copyOf(pictures);
    }

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
   * @param shown the message as a run's {@code results} show it, with fields that have no place
   *     here; null where {@link MessageForm} makes it of the other components
   * @param original the message as its vendor sent it; null where that is what is shown, or where
   *     nothing but the other components is known of it
   */
  record Assistant(
      String text,
      List<ToolCall> toolCalls,
      @Nullable String refusal,
      @Nullable ObjectNode shown,
      @Nullable Original original)
      implements Message {
    public Assistant {
      toolCalls = List.copyOf(toolCalls);
    }

    /** The message as this runner's vendor sent it; empty if that is not known. */
    public Optional<JsonNode> sentBy(String runner) {
      return Optional.ofNullable(original)
          .filter(known -> known.runner().equals(runner))
          .map(Original::sent);
    }

    /** The message without what only its vendor can read. */
    public Assistant withoutOriginal() {
      return new Assistant(text, toolCalls, refusal, shown, null);
    }

    /** The text for a reader: that of the message or, where it has none, that of the refusal. */
    public String output() {
      return text.isEmpty() && refusal != null ? refusal : text;
    }
  }

  /**
   * A tool call that a model requests.
   *
   * @param id the id by which its result refers to it, unique in its message
   * @param arguments the arguments; a text node with the raw text where the model gave no valid
   *     JSON
   */
  record ToolCall(String id, String name, JsonNode arguments) {
    /**
     * Whether the id that a server gave to a call can be kept: it is not blank, and the database
     * can hold it. Any other call is given an id of its own.
     */
    public static boolean isUsable(String id) {
      return !id.isBlank() && StorableText.is(id);
    }
  }

  /**
   * The result of a tool call.
   *
   * @param isError whether the model is to read it as a failure
   * @param pictures pictures beside the text
   * @param isDeclined whether people declined the call, or nobody approved it in time, which is no
   *     failure of the tool
   */
  record ToolResult(
      String callId, String text, boolean isError, List<Content.Image> pictures, boolean isDeclined)
      implements Message {
    public ToolResult {
      pictures = List.copyOf(pictures);
    }

    /** The result of a call that was made. */
    public ToolResult(String callId, String text, boolean isError, List<Content.Image> pictures) {
      this(callId, text, isError, pictures, false);
    }

    /** The same of a call that people declined. */
    public ToolResult declined() {
      return new ToolResult(callId, text, isError, pictures, true);
    }
  }

  /**
   * A model's message as its vendor sent it. It is stored beside the message, and clients are not
   * shown it. A port whose vendor needs it sends it back unchanged; others send the message.
   */
  record Original(String runner, JsonNode sent) {}
}
