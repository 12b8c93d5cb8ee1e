package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.tools.port.Content;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChatMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Message SAID = new Message.User("Hello");
  private static final Content.Image PNG = new Content.Image("AAAA", "image/png");
  private static final Content.Image GIF = new Content.Image("BBBB", "image/gif");

  @Test
  void resultsAreSentInTheOrderOfTheirCalls() {
    List<Message> exchanges =
        List.of(
            SAID,
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
    List<Message> exchanges =
        List.of(
            SAID,
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

  private static List<String> told(List<Message> exchanges) {
    return ChatMessages.of(exchanges).stream()
        .map(
            message ->
                message.path("role").asText().equals("tool")
                    ? message.path("tool_call_id").asText()
                    : message.path("role").asText())
        .toList();
  }

  @Test
  void picturesOfTheUserFollowTheText() {
    assertEquals(
        read(
            """
            {"role": "user", "content": [
              {"type": "text", "text": "What is it?"},
              {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}"""),
        ChatMessages.of(List.of(new Message.User("What is it?", List.of(PNG)))).getFirst());
  }

  private static Message calls(String... ids) {
    List<Message.ToolCall> calls =
        Stream.of(ids).map(id -> new Message.ToolCall(id, "f", JSON.createObjectNode())).toList();
    return new Message.Assistant("Hello", calls, null, null, null);
  }

  private static Message result(String id, Content.Image... pictures) {
    return new Message.ToolResult(id, "Hello", false, List.of(pictures));
  }

  private static ObjectNode read(String json) {
    try {
      return JSON.readValue(json, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
