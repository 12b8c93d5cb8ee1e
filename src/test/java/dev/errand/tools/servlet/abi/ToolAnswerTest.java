package dev.errand.tools.servlet.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.tool.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolAnswerTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static List<Content> read(String parts) {
    String answer = "{\"content\": [" + parts + "]}";
    Ending.Returned returned = new Ending.Returned(answer.getBytes(StandardCharsets.UTF_8));
    return new ToolAnswer(JSON).of(returned).content();
  }

  @Test
  void soundsAndResourcesAreKeptAsTheyCame() throws JsonProcessingException {
    String sound = "{\"type\": \"audio\", \"data\": \"aGlo\", \"mimeType\": \"audio/wav\"}";
    String resource =
        "{\"type\": \"resource\", \"resource\": {\"uri\": \"file:///a\", \"text\": \"In it\"}}";
    assertEquals(
        List.of(
            new Content.Described(
                "[The tool also returned content of the type \"audio\", which can't be shown.]",
                (ObjectNode) JSON.readTree(sound)),
            new Content.Described("In it", (ObjectNode) JSON.readTree(resource))),
        read(sound + ", " + resource));
  }

  @Test
  void incompleteContentBecomesText() {
    assertEquals(
        List.of(
            new Content.Text("In it"),
            new Content.Text(
                "[The tool also returned content of the type \"audio\", which can't be shown.]")),
        read(
            "{\"type\": \"resource\", \"resource\": {\"text\": \"In it\"}},"
                + " {\"type\": \"audio\", \"data\": \"aGlo\"}"));
  }
}
