package dev.errand.models.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.tool.Content;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation, with its pictures and its vendor's original form.
 *
 * @param message the message in the form of a run's {@code results}, the same for all vendors
 * @param pictures the pictures of a tool's result, in order
 * @param original the message as the vendor sent it; null where that equals the message
 */
public record ConversationItem(
    ObjectNode message, List<Content.Image> pictures, @Nullable Original original) {
  public ConversationItem {
    pictures = List.copyOf(pictures);
  }

  /** A message with pictures. */
  public ConversationItem(ObjectNode message, List<Content.Image> pictures) {
    this(message, pictures, null);
  }

  /** A message without pictures. */
  public static ConversationItem of(ObjectNode message) {
    return new ConversationItem(message, List.of());
  }

  /**
   * A model's message.
   *
   * @param runner the runner of the vendor that sent it
   * @param sent the message as the vendor sent it
   */
  public static ConversationItem of(ObjectNode message, String runner, JsonNode sent) {
    return new ConversationItem(
        message, List.of(), sent.equals(message) ? null : new Original(runner, sent));
  }

  /**
   * A message as its vendor sent it: raw JSON. It is stored beside the message, and clients are not
   * shown it. A port whose vendor needs it sends it back unchanged; others send the message.
   *
   * @param runner the runner of the vendor
   * @param sent the raw JSON
   */
  public record Original(String runner, JsonNode sent) {}

  /** The message as this runner's vendor sent it; empty if it came from another. */
  public Optional<JsonNode> sentBy(String runner) {
    return Optional.ofNullable(original)
        .filter(sent -> sent.runner().equals(runner))
        .map(Original::sent);
  }

  /** The role of its author: {@code user}, {@code assistant} or {@code tool}. */
  public String role() {
    return message.path("role").asText();
  }

  /** The id of the tool call whose result it is; empty for other messages. */
  public String toolCallId() {
    return message.path("tool_call_id").asText();
  }
}
