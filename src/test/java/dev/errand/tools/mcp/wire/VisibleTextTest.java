package dev.errand.tools.mcp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleTextTest {
  @Test
  void invisibleCharactersAreWrittenOut() {
    assertEquals("a⟨U+200B⟩b⟨U+202E⟩c", VisibleText.of("a\u200Bb\u202Ec"));
    assertEquals("⟨U+0000⟩⟨U+001B⟩[0m", VisibleText.of("\u0000\u001B[0m"));
    assertEquals("x⟨U+E0069⟩⟨U+E0067⟩", VisibleText.of("x\uDB40\uDC69\uDB40\uDC67"));
    assertEquals("⟨U+2028⟩⟨U+3164⟩⟨U+E000⟩", VisibleText.of("\u2028\u3164\uE000"));
  }

  @Test
  void inJsonTheyAreEscapedAndTheValueStays() throws Exception {
    String json = "{\n  \"a\u200B\" : \"\u202Eb \uDB40\uDC69 ü ⚠\uFE0F\"\n}";
    String visible = VisibleText.ofJson(json);
    assertEquals("{\n  \"a\\u200B\" : \"\\u202Eb \\uDB40\\uDC69 ü ⚠\uFE0F\"\n}", visible);
    ObjectMapper reader = new ObjectMapper();
    assertEquals(reader.readTree(json), reader.readTree(visible));
  }

  @Test
  void ordinaryTextStays() {
    String text = "Größe → 世界\n\tעברית ⚠\uFE0F 1\uFE0F\u20E3";
    assertEquals(text, VisibleText.of(text));
  }

  @Test
  void inProseWhatJoinsLettersOrEmojiStays() {
    String text = "می\u200Cخواهم क्\u200Dष \uD83D\uDC69\u200D\uD83D\uDE80 ⚠\uFE0F";
    assertEquals(text, VisibleText.ofProse(text));
    assertEquals("a⟨U+200D⟩b⟨U+200C⟩", VisibleText.ofProse("a\u200Db\u200C"));
    assertEquals("⟨U+202E⟩می⟨U+200C⟩⟨U+200C⟩", VisibleText.ofProse("\u202Eمی\u200C\u200C"));
    assertEquals("a\nb⟨U+000D⟩c", VisibleText.ofProse("a\r\nb\rc"));
  }

  @Test
  void signsThatChooseAFormHideNothing() {
    assertEquals(
        "a\uFE0F⟨U+FE0F⟩⟨U+FE01⟩⟨U+E0100⟩", VisibleText.of("a\uFE0F\uFE0F\uFE01\uDB40\uDD00"));
  }

  @Test
  void ofSchemasTheProseIsWrittenOutAndTheDataStays() throws Exception {
    ObjectMapper json = new ObjectMapper();
    ObjectNode schema =
        (ObjectNode)
            json.readTree(
                "{\"description\": \"a\\u200b\", \"properties\": {\"b\\u200b\": {\"title\": \"c\\u200b\","
                    + " \"enum\": [\"d\\u200b\"], \"anyOf\": [{\"description\": \"e\\u200b\"}]}}}");
    assertEquals(
        json.readTree(
            "{\"description\": \"a⟨U+200B⟩\", \"properties\": {\"b\\u200b\": {\"title\": \"c⟨U+200B⟩\","
                + " \"enum\": [\"d\\u200b\"], \"anyOf\": [{\"description\": \"e⟨U+200B⟩\"}]}}}"),
        VisibleText.ofSchema(schema));
  }

  @Test
  void hintsAreWrittenOutAndOtherDataIsFound() throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode hints =
        json.readTree(
            "{\"properties\": {\"a\": {\"default\": \"b\\u200b\", \"pattern\": \"[\\u0000]\","
                + " \"examples\": [{\"c\\u200b\": [\"d\\u200b\"]}]}}}");
    assertEquals(
        json.readTree(
            "{\"properties\": {\"a\": {\"default\": \"b⟨U+200B⟩\", \"pattern\": \"[⟨U+0000⟩]\","
                + " \"examples\": [{\"c⟨U+200B⟩\": [\"d⟨U+200B⟩\"]}]}}}"),
        VisibleText.ofSchema((ObjectNode) hints));
    assertFalse(VisibleText.isHiddenInData(hints));
    for (String data :
        List.of(
            "{\"properties\": {\"b\\u200b\": {}}}",
            "{\"properties\": {\"b\": {\"enum\": [\"d\\u200b\"]}}}",
            "{\"required\": [\"d\\udb40\\udc41\"]}",
            "{\"properties\": {\"b\": {\"const\": {\"x\": \"\\u2800\"}}}}")) {
      assertTrue(VisibleText.isHiddenInData(json.readTree(data)), data);
    }
  }
}
