package dev.errand.models.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.tools.port.Content;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AnthropicMessagesTest {
  private static final Json JSON = new Json(new ObjectMapper());
  private static final Message SAID = new Message.User("Hello");
  private static final Content.Image PNG = new Content.Image("AAAA", "image/png");
  private static final String MARK = "{\"type\": \"ephemeral\"}";

  @Test
  void resultsStandInOneMessageInTheOrderOfTheirCallsBeforeAnyText() {
    assertMessages(
        """
        [{"role": "user", "content": [
          {"type": "text", "text": "Hello", "cache_control": MARK}]},
         {"role": "assistant", "content": [{"type": "of_tomorrow"}]},
         {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "a", "content": "of a"},
          {"type": "tool_result", "tool_use_id": "b", "content": "of b", "is_error": true},
          {"type": "tool_result", "tool_use_id": "c", "content": "of c"},
          {"type": "text", "text": "Go on."},
          {"type": "text", "text": "Now.", "cache_control": MARK}]}]""",
        SAID,
        sent("[{\"type\": \"of_tomorrow\"}]", "a", "b", "c"),
        result("c", false),
        new Message.User("Go on."),
        result("a", false),
        result("b", true),
        new Message.User("Now."));
  }

  @Test
  void picturesStandInTheResultOfTheirCall() {
    assertMessages(
        """
        [{"role": "user", "content": [
          {"type": "text", "text": "Hello"},
          {"type": "image", "cache_control": MARK,
           "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}]},
         {"role": "assistant", "content": [{"type": "of_tomorrow"}]},
         {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "a", "cache_control": MARK, "content": [
            {"type": "text", "text": "of a"},
            {"type": "image",
             "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}]}]}]""",
        new Message.User("Hello", List.of(PNG)),
        sent("[{\"type\": \"of_tomorrow\"}]", "a"),
        new Message.ToolResult("a", "of a", true, List.of(PNG)));
  }

  @Test
  void whatTheVendorSentGoesBackAsItCame() {
    String content =
        """
        [{"type": "thinking", "thinking": "", "signature": "c2ln", "x": [1.50]},
         {"type": "redacted_thinking", "data": "ZGF0YQ=="},
         {"type": "text", "text": "Let me see.", "citations": null},
         {"type": "tool_use", "id": "a", "name": "f", "input": {"b": 1, "a": 2}, "caller": {}}]""";
    JsonNode back =
        AnthropicMessages.of(List.of(SAID, sent(content, "a"), result("a", false)))
            .at("/1/content");

    assertEquals(JSON.tree(content).toString(), back.toString(), "field by field");
  }

  @Test
  void emptyTextsOfTheVendorStayBehindAndSoDoMessagesOfNothingElse() {
    assertMessages(
        """
        [{"role": "user", "content": [{"type": "text", "text": "Hello"},
          {"type": "text", "text": "Well?", "cache_control": MARK}]},
         {"role": "assistant", "content": [{"type": "of_tomorrow"}]}]""",
        SAID,
        sent("[{\"type\": \"text\", \"text\": \" \"}]"),
        new Message.User("Well?"),
        sent("[{\"type\": \"text\", \"text\": \"\"}, {\"type\": \"of_tomorrow\"}]"));
  }

  @Test
  void aPausedMessageAndItsContinuationAreOne() {
    assertMessages(
        """
        [{"role": "user", "content": [{"type": "text", "text": "Hello", "cache_control": MARK}]},
         {"role": "assistant", "content": [{"type": "of_tomorrow"}, {"type": "of_today"}]}]""",
        SAID,
        sent("[{\"type\": \"of_tomorrow\"}]"),
        sent("[{\"type\": \"of_today\"}]"));
  }

  @Test
  void theMessageOfAnotherVendorIsOneOfTextAndCalls() {
    Message.Assistant foreign =
        new Message.Assistant(
            "Let me see.",
            List.of(
                new Message.ToolCall("call.1", "f", JSON.tree("{\"a\": 1}")),
                new Message.ToolCall("call_2", "g", TextNode.valueOf("{\"a\":"))),
            null,
            null,
            new Message.Original("openai", JSON.tree("{\"content\": \"…\"}")));
    assertMessages(
        """
        [{"role": "user", "content": [{"type": "text", "text": "Hello", "cache_control": MARK}]},
         {"role": "assistant", "content": [
          {"type": "text", "text": "Let me see."},
          {"type": "tool_use", "id": "call_63616c6c2e31", "name": "f", "input": {"a": 1}},
          {"type": "tool_use", "id": "call_2", "name": "g", "input": {}}]},
         {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "call_63616c6c2e31", "content": "of call.1"},
          {"type": "tool_result", "tool_use_id": "call_2", "content": "The tool failed.",
           "is_error": true, "cache_control": MARK}]}]""",
        SAID,
        foreign,
        new Message.ToolResult("call_2", "", true, List.of()),
        result("call.1", false));
  }

  @Test
  void onlyTheLastTwoMessagesOfTheUserAreMarked() {
    List<Message> exchanges =
        List.of(
            SAID,
            sent("[{\"type\": \"of_tomorrow\"}]", "a"),
            result("a", false),
            sent("[{\"type\": \"of_tomorrow\"}]", "b"),
            result("b", false));

    assertEquals(
        List.of(false, false, true, false, true),
        AnthropicMessages.of(exchanges)
            .valueStream()
            .map(message -> !message.findValues("cache_control").isEmpty())
            .toList());
  }

  private static void assertMessages(String expected, Message... conversation) {
    assertEquals(
        JSON.tree(expected.replace("MARK", MARK)), AnthropicMessages.of(List.of(conversation)));
  }

  private static Message.ToolResult result(String id, boolean isError) {
    return new Message.ToolResult(id, "of " + id, isError, List.of());
  }

  private static Message.Assistant sent(String content, String... calls) {
    return new Message.Assistant(
        "",
        Stream.of(calls).map(id -> new Message.ToolCall(id, "f", JSON.object())).toList(),
        null,
        null,
        new Message.Original(AnthropicSettings.RUNNER, JSON.tree(content)));
  }
}
