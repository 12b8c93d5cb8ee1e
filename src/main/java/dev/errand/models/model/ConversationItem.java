package dev.errand.models.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.tool.Content;
import java.util.List;

/**
 * A message of a conversation, and the pictures that came with it and have no place in it.
 *
 * @param message the message as it was sent or came
 * @param pictures what a tool showed besides, in order
 */
public record ConversationItem(ObjectNode message, List<Content.Image> pictures) {
  public ConversationItem {
    pictures = List.copyOf(pictures);
  }

  /** A message without pictures. */
  public static ConversationItem of(ObjectNode message) {
    return new ConversationItem(message, List.of());
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
