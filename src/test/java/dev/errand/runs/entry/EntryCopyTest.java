package dev.errand.runs.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored entry is copied for clients, wherever its text is divided into pieces. */
class EntryCopyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | {'a':1} | {'a':1}",
        "{'a':1,'original':{'runner':'x','sent':{'b':[1,{'c':'}'}]}}} | {'a':1} |"
            + " {'a':1,'raw':{'b':[1,{'c':'}'}]}}",
        "{'a':1,'original':{'runner':'x','sent':[1,2]},'z':{'original':3}} |"
            + " {'a':1,'z':{'original':3}} | {'a':1,'raw':[1,2],'z':{'original':3}}",
        "{'a':1,'original':{'runner':'x','sent':7,'more':[1]},'z':2} | {'a':1,'z':2} |"
            + " {'a':1,'raw':7,'z':2}",
        "{'a':1,'original':5} | {'a':1} | {'a':1}",
        "{'a':1,'origin':5,'originals':6,'o':7} | {'a':1,'origin':5,'originals':6,'o':7} |"
            + " {'a':1,'origin':5,'originals':6,'o':7}",
        "{'a':{'b':1,'original':{'runner':'x','sent':1}}} |"
            + " {'a':{'b':1,'original':{'runner':'x','sent':1}}} |"
            + " {'a':{'b':1,'original':{'runner':'x','sent':1}}}",
        "{'a':'\\',\\'original\\':{','original':{'runner':'\\'}','sent':'\\\\'}} |"
            + " {'a':'\\',\\'original\\':{'} | {'a':'\\',\\'original\\':{','raw':'\\\\'}",
      })
  void aVendorsFormIsLeftOutOrShownAsRaw(String stored, String shown, String raw) {
    String text = stored.replace('\'', '"');
    for (int size = 1; size <= text.length(); size++) {
      assertEquals(shown.replace('\'', '"'), copied(EntryCopy.whole(false), text, size));
      assertEquals(raw.replace('\'', '"'), copied(EntryCopy.whole(true), text, size));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"", "\\", "\n", "é", "\u0001", "😀", "ab\\u0041", "\u2028"})
  void aBriefCopyHasTheBeginningsOfItsTexts(String part) throws JsonProcessingException {
    String text = part.repeat(3 * EntryCopy.LONGEST_TEXT / part.length());
    ObjectNode entry = JSON.createObjectNode().put("msg", "message").put("time", 1);
    entry.putObject("exchange").put("role", "tool").put("content", text);
    entry.put("is_error", true).putObject("original").put("runner", "x").put("sent", text);
    String stored = entry.toString();
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      int size = 1 + random.nextInt(i == 0 ? stored.length() : 2 * EntryCopy.LONGEST_TEXT);
      JsonNode brief = JSON.readTree(copied(EntryCopy.brief(stored.length()), stored, size));
      String content = brief.at("/exchange/content").asText();
      assertTrue(content.endsWith("…"), content);
      assertTrue(text.startsWith(content.substring(0, content.length() - 1)), content);
      assertTrue(content.length() > EntryCopy.LONGEST_TEXT / 8, content);
      assertEquals(
          List.of("msg", "time", "exchange", "is_error", "bytes"),
          brief.properties().stream().map(java.util.Map.Entry::getKey).toList());
      assertEquals(stored.length(), brief.path("bytes").asInt());
    }
  }

  @Test
  void aBriefCopyOfAShortEntryIsWhole() {
    String stored = "{\"msg\":\"message\",\"exchange\":{\"role\":\"user\",\"content\":\"x\"}}";
    assertEquals(stored, copied(EntryCopy.brief(7), stored, stored.length()));
  }

  @Test
  void aBriefCopyOfManySmallTextsIsCutAsJson() throws JsonProcessingException {
    ObjectNode entry = JSON.createObjectNode().put("msg", "call tool request");
    ObjectNode arguments = entry.putObject("params").put("name", "x").putObject("arguments");
    for (int i = 0; i < 100_000; i++) {
      arguments.withArray("list").addObject().put("n", i).put("text", "abc");
    }
    entry.put("tool_call_id", "c");
    String stored = entry.toString();
    for (int size : new int[] {7, 1000, 1_000_000, stored.length()}) {
      String copy = copied(EntryCopy.brief(stored.length()), stored, size);
      assertTrue(copy.length() < 400_000, () -> "It has " + copy.length());
      JsonNode brief = JSON.readTree(copy);
      assertEquals(0, brief.at("/params/arguments/list/0/n").asInt(-1));
      assertEquals(stored.length(), brief.path("bytes").asInt());
    }
  }

  private static String copied(EntryCopy copy, String stored, int size) {
    StringBuilder copied = new StringBuilder();
    for (int i = 0; i < stored.length(); i += size) {
      copied.append(copy.of(stored.substring(i, Math.min(stored.length(), i + size))));
    }
    return copied.toString();
  }
}
