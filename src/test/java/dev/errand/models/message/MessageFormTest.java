package dev.errand.models.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.models.message.Message.ToolCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageFormTest {
  private static final int MEBIBYTE = 1024 * 1024;

  private final Json json = new Json(JsonMapper.builder().build());
  private final MessageForm form = new MessageForm(json);

  private List<ToolCall> calls(List<String> arguments) {
    ObjectNode message = json.object();
    ArrayNode calls = message.putArray("tool_calls");
    for (String each : arguments) {
      calls.addObject().putObject("function").put("name", "add").put("arguments", each);
    }
    return form.assistant(message, null).toolCalls();
  }

  private JsonNode read(String arguments) {
    return calls(List.of(arguments)).getFirst().arguments();
  }

  private static String objects(int count) {
    return "{\"a\":[" + "{},".repeat(count) + "{}]}";
  }

  @Test
  void argumentsWhoseTreeTakesFarMoreThanTheirTextAreNoJson() {
    String many = objects(MEBIBYTE / 3);
    assertTrue(JsonWeight.of(many) > 28L * MEBIBYTE);
    assertTrue(read(many).isTextual());
    String fewer = objects(7_000);
    assertEquals(json.tree(fewer), read(fewer));
  }

  @Test
  void longTextsInArgumentsAreRead() {
    String text = "x".repeat(5 * MEBIBYTE);
    assertEquals(text, read("{\"text\":\"" + text + "\"}").path("text").textValue());
  }

  @Test
  void theCallsOfOneMessageAreBoundedTogether() {
    String each = objects(3_500);
    List<ToolCall> calls = calls(List.of(each, each, each, each, "{\"a\":1}"));
    assertEquals(
        List.of(true, true, false, false, true),
        calls.stream().map(call -> call.arguments().isObject()).toList());
    assertEquals(2, read("{\"a\":2}").path("a").intValue(), "another message has room of its own");
  }
}
