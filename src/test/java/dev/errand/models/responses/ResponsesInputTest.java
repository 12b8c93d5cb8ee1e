package dev.errand.models.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.models.message.Message;
import dev.errand.tools.port.Content;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponsesInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Content.Image PNG = new Content.Image("AAAA", "image/png");

  @Test
  void whatTheVendorSentGoesBackAsItCame() throws Exception {
    String sent =
        """
        [{"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"},
         {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gBBB", "x": null},
         {"type": "crystal_ball_call", "seen": [1.5]},
         {"id": "fc_1", "type": "function_call", "call_id": "a", "name": "f", "arguments": "{ }",
          "namespace": "n", "caller": {"type": "direct"}, "status": "completed"}]""";
    Message answer =
        new Message.Assistant(
            "", List.of(call("a")), null, null, new Message.Original("responses", json(sent)));

    assertEquals(
        json(
            """
            [{"type": "message", "role": "user", "content": "Hello"}, %s,
             {"type": "function_call_output", "call_id": "a", "output": "1"}]"""
                .formatted(sent.substring(1, sent.length() - 1))),
        ResponsesInput.of(
            List.of(
                new Message.User("Hello"),
                answer,
                new Message.ToolResult("a", "1", false, List.of()))));
  }

  @Test
  void theMessagesOfAnotherVendorAreOfOneForm() throws Exception {
    Message answer =
        new Message.Assistant(
            "Let me see.",
            List.of(call("a"), new Message.ToolCall("b", "g", TextNode.valueOf("{\"x\":"))),
            null,
            null,
            new Message.Original("anthropic", json("{}")));

    assertEquals(
        json(
            """
            [{"type": "message", "role": "system", "content": "Be brief."},
             {"type": "message", "role": "assistant", "content": "Let me see."},
             {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"},
             {"type": "function_call", "call_id": "b", "name": "g", "arguments": "{\\"x\\":"},
             {"type": "message", "role": "assistant", "content": "No."}]"""),
        ResponsesInput.of(
            List.of(
                new Message.Instructions("Be brief."),
                answer,
                new Message.Assistant("", List.of(), "No.", null, null))));
  }

  @Test
  void resultsAreInTheOrderOfTheirCallsWithTheirPictures() throws Exception {
    Message calls =
        new Message.Assistant("", List.of(call("a"), call("b"), call("c")), null, null, null);

    JsonNode input =
        ResponsesInput.of(
            List.of(
                new Message.User("What is it?", List.of(PNG)),
                calls,
                new Message.ToolResult("c", "3", false, List.of()),
                new Message.ToolResult("a", "1", false, List.of()),
                new Message.ToolResult("b", "2", false, List.of(PNG))));

    String picture =
        """
        {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,AAAA"}""";
    assertEquals(
        json("[{\"type\": \"input_text\", \"text\": \"What is it?\"}, " + picture + "]"),
        input.at("/0/content"));
    assertEquals(
        json(
            """
            [{"type": "function_call_output", "call_id": "a", "output": "1"},
             {"type": "function_call_output", "call_id": "b",
              "output": [{"type": "input_text", "text": "2"}, %s]},
             {"type": "function_call_output", "call_id": "c", "output": "3"}]"""
                .formatted(picture)),
        JSON.createArrayNode().add(input.path(4)).add(input.path(5)).add(input.path(6)));
  }

  private static Message.ToolCall call(String id) {
    return new Message.ToolCall(id, "f", JSON.createObjectNode());
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }
}
