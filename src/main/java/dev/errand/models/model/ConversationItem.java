package dev.errand.models.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.tool.Content;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation, and what came with it and has no place in it.
 *
 * @param message the message in the form of a run's {@code results}, whichever vendor it is from
 * @param pictures what a tool showed besides, in order
 * @param original what the vendor sent for it; null where it sent exactly the message
 */
public record ConversationItem(
    ObjectNode message, List<Content.Image> pictures, @Nullable Original original) {
  public ConversationItem {
    pictures = List.copyOf(pictures);
  }

  /** A message, and pictures beside it. */
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
   * @param runner whose vendor sent it
   * @param sent what it sent for it, unchanged
   */
  public static ConversationItem of(ObjectNode message, String runner, JsonNode sent) {
    return new ConversationItem(
        message, List.of(), sent.equals(message) ? null : new Original(runner, sent));
  }

  /**
   * What a vendor sent for a message: raw JSON, which goes back to that vendor unchanged.
   *
   * @param runner whose vendor it was
   * @param sent what it sent
   */
  public record Original(String runner, JsonNode sent) {}

  /** What the vendor of this runner sent for it; empty where it is from elsewhere. */
  public Optional<JsonNode> sentBy(String runner) {
    return Optional.ofNullable(original)
        .filter(sent -> sent.runner().equals(runner))
        .map(Original::sent);
  }

  /** Who says it: {@code user}, {@code assistant} or {@code tool}. */
  public String role() {
    return message.path("role").asText();
  }

  /** The call that it is the result of; empty where it is none. */
  public String toolCallId() {
    return message.path("tool_call_id").asText();
  }
}
