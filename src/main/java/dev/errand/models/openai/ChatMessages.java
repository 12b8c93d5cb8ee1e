package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Conversation;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.tools.port.Content;
import java.util.ArrayList;
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
    List<Message.ToolResult> withPictures = new ArrayList<>();
    for (Message message : Conversation.inOrderOfCalls(conversation)) {
      if (!(message instanceof Message.ToolResult result)) {
        addPictures(messages, withPictures);
      } else if (!result.pictures().isEmpty()) {
        withPictures.add(result);
      }
      messages.add(of(message));
    }
    addPictures(messages, withPictures);
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

  // A tool message can hold only text, and no other message may come between two tool messages, so
  // all pictures follow in one user message.
  private static void addPictures(List<ObjectNode> messages, List<Message.ToolResult> results) {
    if (results.isEmpty()) {
      return;
    }
    ObjectNode message = JSON.objectNode().put("role", "user");
    ArrayNode content = message.putArray("content");
    for (Message.ToolResult result : results) {
      addText("The pictures of the tool call " + result.callId() + ":", content);
      result.pictures().forEach(picture -> addPicture(picture, content));
    }
    messages.add(message);
    results.clear();
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
