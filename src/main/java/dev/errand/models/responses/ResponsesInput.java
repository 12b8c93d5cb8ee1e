package dev.errand.models.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Conversation;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.tools.port.Content;
import java.util.List;

/**
 * Converts a conversation to the input items of the Responses API. What the vendor sent goes back
 * as it came.
 */
final class ResponsesInput {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ResponsesInput() {}

  static ArrayNode of(List<Message> conversation) {
    ArrayNode items = JSON.arrayNode();
    for (Message message : Conversation.inOrderOfCalls(conversation)) {
      switch (message) {
        case Message.Instructions(String text) -> message("system", items).put("content", text);
        case Message.User(String text, List<Content.Image> pictures) ->
            addContent(message("user", items), "content", text, pictures);
        case Message.Assistant assistant -> {
          if (assistant.sentBy(ResponsesSettings.RUNNER).orElse(null) instanceof ArrayNode sent) {
            items.addAll(sent);
          } else {
            addOfOtherVendor(assistant, items);
          }
        }
        case Message.ToolResult(
                String callId,
                String text,
                boolean _,
                List<Content.Image> pictures,
                boolean _) ->
            addContent(
                items.addObject().put("type", "function_call_output").put("call_id", callId),
                "output",
                text,
                pictures);
      }
    }
    return items;
  }

  private static ObjectNode message(String role, ArrayNode items) {
    return items.addObject().put("type", "message").put("role", role);
  }

  private static void addOfOtherVendor(Message.Assistant message, ArrayNode items) {
    if (!message.output().isEmpty()) {
      message("assistant", items).put("content", message.output());
    }
    for (Message.ToolCall call : message.toolCalls()) {
      items
          .addObject()
          .put("type", "function_call")
          .put("call_id", call.id())
          .put("name", call.name())
          .put("arguments", MessageForm.arguments(call));
    }
  }

  private static void addContent(
      ObjectNode item, String field, String text, List<Content.Image> pictures) {
    if (pictures.isEmpty()) {
      item.put(field, text);
      return;
    }
    ArrayNode parts = item.putArray(field);
    parts.addObject().put("type", "input_text").put("text", text);
    for (Content.Image picture : pictures) {
      parts
          .addObject()
          .put("type", "input_image")
          .put("detail", "auto")
          .put("image_url", "data:" + picture.mimeType() + ";base64," + picture.data());
    }
  }
}
