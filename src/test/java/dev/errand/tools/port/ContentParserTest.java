package dev.errand.tools.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentParserTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode result = JSON.createObjectNode();
  private final ArrayNode content = result.putArray("content");

  @Test
  void partsOfUnknownTypesAreOneText() {
    for (int i = 0; i < 100_000; i++) {
      content.add(0);
    }
    assertEquals(
        List.of(
            new Content.Text(
                "[The tool also returned 100000 parts of types that can't be shown: \"\".]")),
        parsed());
  }

  @Test
  void ofManyUnknownTypesSomeAreNamed() {
    for (int i = 0; i < 100_000; i++) {
      content.addObject().put("type", "of " + i);
    }
    content.addObject().put("type", "text").put("text", "known");
    assertEquals(
        List.of(
            new Content.Text("known"),
            new Content.Text(
                "[The tool also returned 100000 parts of types that can't be shown: \"of 0\","
                    + " \"of 1\", \"of 2\", \"of 3\", \"of 4\" and others.]")),
        parsed());
  }

  @Test
  void oneOfAnUnknownTypeIsNamed() {
    content.addObject().put("type", "video");
    assertEquals(
        List.of(
            new Content.Text(
                "[The tool also returned content of the type \"video\", which can't be shown.]")),
        parsed());
  }

  @Test
  void ofManyPartsTheRestIsCounted() {
    // Each of these becomes a longer text.
    for (int i = 0; i < 100_000; i++) {
      content.addObject().put("type", "audio");
    }
    List<Content> parts = parsed();
    assertEquals(1_001, parts.size());
    assertEquals(
        new Content.Text("[99000 more parts of the result are left out: at most 1000 are read.]"),
        parts.getLast());
    int characters = new ToolResult(parts, false).joinedText().length();
    assertTrue(characters < 200_000, characters + " characters");
  }

  private List<Content> parsed() {
    return ContentParser.parse(result).orElseThrow().content();
  }
}
