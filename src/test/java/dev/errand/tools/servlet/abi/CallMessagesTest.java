package dev.errand.tools.servlet.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.limit.ByteBudget;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallMessagesTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> warnings = new ArrayList<>();
  private final ByteBudget budget = new ByteBudget(1024 * 1024);

  private ToolResult answered(String answer) {
    Ending.Returned returned = new Ending.Returned(answer.getBytes(StandardCharsets.UTF_8));
    try {
      return new CallMessages(JSON, budget)
          .result(returned, (level, line) -> warnings.add(level + " " + line));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      assertEquals(0, budget.used());
    }
  }

  @Test
  void anAnswerThatTakesMoreMemoryThanThereIsIsNotParsed() {
    ToolResult refused = answered("{\"content\": [" + "0,".repeat(100_000) + "0]}");
    assertTrue(refused.isError());
    String sentence = refused.joinedText();
    assertTrue(sentence.startsWith("The tool's answer was not read. It would take "), sentence);
    assertTrue(sentence.endsWith(" or raise errand.memory.parse-budget."), sentence);
  }

  private List<Content> read(String parts) {
    return answered("{\"content\": [" + parts + "]}").content();
  }

  @Test
  void soundsAndResourcesAreKeptAsTheyCame() throws JsonProcessingException {
    String sound = "{\"type\": \"audio\", \"data\": \"aGlo\", \"mimeType\": \"audio/wav\"}";
    String resource =
        "{\"type\": \"resource\", \"resource\": {\"uri\": \"file:///a\", \"text\": \"In it\"}}";
    String link = "{\"type\": \"resource_link\", \"uri\": \"file:///b\", \"name\": \"b\"}";
    assertEquals(
        List.of(
            new Content.Described(
                "[Audio of the type audio/wav, 3 bytes, which can't be shown.]",
                (ObjectNode) JSON.readTree(sound)),
            new Content.Described(
                "The resource file:///a (text/plain):\nIn it",
                (ObjectNode) JSON.readTree(resource)),
            new Content.Described(
                "Link to the resource file:///b\nname: b", (ObjectNode) JSON.readTree(link))),
        read(sound + ", " + resource + ", " + link));
  }

  @Test
  void incompleteContentBecomesText() {
    assertEquals(
        List.of(
            new Content.Text("The resource without an address (text/plain):\nIn it"),
            new Content.Text(
                "[Audio of the type application/octet-stream, 3 bytes, which can't be shown.]"),
            new Content.Text("Link to the resource file:///b"),
            new Content.Text("no type")),
        read(
            "{\"type\": \"resource\", \"resource\": {\"text\": \"In it\"}},"
                + " {\"type\": \"audio\", \"data\": \"aGlo\"},"
                + " {\"type\": \"resource_link\", \"uri\": \"file:///b\"}, {\"text\": \"no type\"}"));
  }

  @Test
  void structuredContentIsKeptAndATextWhereThereIsNoOther() {
    ObjectNode structured = JSON.createObjectNode().put("n", 1);
    ToolResult expected = new ToolResult(List.of(new Content.Text("{\"n\":1}")), false, structured);
    assertEquals(expected, answered("{\"content\": [], \"structuredContent\": {\"n\": 1}}"));
    assertEquals(expected, answered("{\"structuredContent\": {\"n\": 1}}"));
    assertEquals(
        new ToolResult(List.of(new Content.Text("one")), false, structured),
        answered(
            "{\"content\": [{\"type\": \"text\", \"text\": \"one\"}], \"structuredContent\": {\"n\": 1}}"));
    assertTrue(answered("{\"structuredContent\": null}").isError());
  }

  @ParameterizedTest
  @ValueSource(strings = {" {}", "x", " \"", "}", "\0x"})
  void whatFollowsTheAnswerIsWarnedOf(String rest) {
    assertEquals(
        ToolResult.text("one"),
        answered("{\"content\": [{\"type\": \"text\", \"text\": \"one\"}]}" + rest));
    assertEquals(
        List.of("40 The tool's answer goes on after its JSON; the rest is ignored."), warnings);
  }

  @Test
  void theEndOfAStringOfCAndTheKeysOfTheProtocolAreNotWarnedOf() {
    assertEquals(
        new ToolResult(List.of(), false),
        answered(
            "{\"content\": [], \"isError\": false, \"_meta\": {}, \"resultType\": \"complete\","
                + " \"is_error\": true, \"usage\": 1} \n\0\0"));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource({"is_error, isError", "iserror, isError", "structured_content, structuredContent"})
  void aKeyThatIsMisspeltIsWarnedOf(String key, String meant) {
    assertFalse(answered("{\"content\": [], \"" + key + "\": true}").isError());
    assertEquals(
        List.of(
            "40 The tool's answer has the key \"%s\", which is ignored; did you mean \"%s\"?"
                .formatted(key, meant)),
        warnings);
  }
}
