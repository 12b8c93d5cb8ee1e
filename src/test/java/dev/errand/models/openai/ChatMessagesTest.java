package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ConversationItem;
import dev.errand.tools.tool.Content;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Content.Image PNG = new Content.Image("AAAA", "image/png");
  private static final Content.Image GIF = new Content.Image("BBBB", "image/gif");

  @Test
  void resultsAreSentInTheOrderOfTheirCalls() {
    List<ConversationItem> exchanges =
        List.of(
            said("user"),
            calls("a", "b", "c"),
            result("c"),
            result("a"),
            result("b"),
            calls("b", "a"),
            result("a"),
            result("b"));

    assertEquals(
        List.of("user", "assistant", "a", "b", "c", "assistant", "b", "a"), told(exchanges));
  }

  @Test
  void picturesFollowAllResultsOfTheirTurnAndNameTheirCalls() {
    List<ConversationItem> exchanges =
        List.of(
            said("user"),
            calls("a", "b", "c"),
            result("c", GIF),
            result("b"),
            result("a", PNG, PNG),
            calls("d"),
            result("d"));

    assertEquals(
        List.of("user", "assistant", "a", "b", "c", "user", "assistant", "d"), told(exchanges));
    assertEquals(
        read(
            """
            {"role": "user", "content": [
              {"type": "text", "text": "The pictures of the tool call a:"},
              {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
              {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
              {"type": "text", "text": "The pictures of the tool call c:"},
              {"type": "image_url", "image_url": {"url": "data:image/gif;base64,BBBB"}}]}"""),
        ChatMessages.of(exchanges).get(5));
  }

  private static List<String> told(List<ConversationItem> exchanges) {
    return ChatMessages.of(exchanges).stream()
        .map(
            message ->
                message.path("role").asText().equals("tool")
                    ? message.path("tool_call_id").asText()
                    : message.path("role").asText())
        .toList();
  }

  private static ConversationItem said(String role) {
    return ConversationItem.of(JSON.createObjectNode().put("role", role).put("content", "Hello"));
  }

  private static ConversationItem calls(String... ids) {
    ConversationItem message = said("assistant");
    for (String id : ids) {
      message.message().withArray("tool_calls").addObject().put("id", id);
    }
    return message;
  }

  private static ConversationItem result(String id, Content.Image... pictures) {
    return new ConversationItem(said("tool").message().put("tool_call_id", id), List.of(pictures));
  }

  private static ObjectNode read(String json) {
    try {
      return JSON.readValue(json, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
