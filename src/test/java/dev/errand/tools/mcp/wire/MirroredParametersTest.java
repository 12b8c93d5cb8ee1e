package dev.errand.tools.mcp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.tools.mcp.wire.MirroredParameters.MalformedMarkException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirroredParametersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void markedValuesBecomeHeaderFields() throws Exception {
    String schema =
        """
        {"type": "object", "properties": {
          "region": {"type": "string", "x-mcp-header": "Region"},
          "deep": {"type": "object", "properties": {"n": {"type": "integer", "x-mcp-header": "N"}}},
          "on": {"type": "boolean", "x-mcp-header": "On"},
          "off": {"type": "string", "x-mcp-header": "Off"},
          "x-mcp-header": {"type": "string"},
          "list": {"type": "string", "default": {"x-mcp-header": 1}, "enum": [{"x-mcp-header": ""}]}}}
        """;
    assertEquals(
        Map.of("Mcp-Param-Region", "us west", "Mcp-Param-N", "-7", "Mcp-Param-On", "true"),
        fields(
            schema,
            "{\"region\": \"us west\", \"deep\": {\"n\": -7}, \"on\": true, \"off\": null}"));
  }

  @Test
  void numbersThatOtherLanguagesCannotCountAreRefused() throws Exception {
    String schema =
        """
        {"type": "object", "properties": {"n": {"type": "integer", "x-mcp-header": "N"}}}""";
    assertEquals(
        "9007199254740991", fields(schema, "{\"n\": 9007199254740991}").get("Mcp-Param-N"));
    assertEquals("42", fields(schema, "{\"n\": 42.0}").get("Mcp-Param-N"));
    for (String wrong : List.of("9007199254740993", "1.5", "1e400")) {
      assertThrows(McpException.class, () -> fields(schema, "{\"n\": " + wrong + "}"), wrong);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {\"type\": \"string\", \"x-mcp-header\": \"\"}}",
        "{\"a\": {\"type\": \"string\", \"x-mcp-header\": \"a b\"}}",
        "{\"a\": {\"type\": \"string\", \"x-mcp-header\": \"a\\r\\nb\"}}",
        "{\"a\": {\"type\": \"string\", \"x-mcp-header\": 1}}",
        "{\"a\": {\"type\": \"number\", \"x-mcp-header\": \"A\"}}",
        "{\"a\": {\"type\": \"object\", \"x-mcp-header\": \"A\"}}",
        "{\"a\": {\"x-mcp-header\": \"A\"}}",
        "{\"a\": {\"type\": [\"string\"], \"x-mcp-header\": \"A\"}}",
        "{\"a\": {\"type\": \"string\", \"x-mcp-header\": \"A\"},"
            + " \"b\": {\"type\": \"string\", \"x-mcp-header\": \"a\"}}",
        "{\"a\": {\"type\": \"array\", \"items\": {\"type\": \"string\", \"x-mcp-header\": \"A\"}}}",
        "{\"a\": {\"oneOf\": [{\"type\": \"string\", \"x-mcp-header\": \"A\"}]}}",
        "{\"a\": {\"not\": {\"properties\": {\"b\": {\"type\": \"string\", \"x-mcp-header\": \"A\"}}}}}",
      })
  void malformedMarksAreReported(String properties) {
    assertThrows(
        MalformedMarkException.class,
        () ->
            MirroredParameters.of(
                JSON.readTree("{\"type\": \"object\", \"properties\": " + properties + "}")));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "us-west1, us-west1",
        "\"Hello, 世界\", =?base64?SGVsbG8sIOS4lueVjA==?=",
        "\" padded \", =?base64?IHBhZGRlZCA=?=",
        "\"line1\nline2\", =?base64?bGluZTEKbGluZTI=?=",
        "=?base64?literal?=, =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
      })
  void valuesThatDoNotFitAreInBase64(String value, String field) {
    assertEquals(field, FieldValue.of(value));
  }

  private static Map<String, String> fields(String schema, String arguments)
      throws JsonProcessingException, MalformedMarkException, McpException {
    return MirroredParameters.of(JSON.readTree(schema)).fields(JSON.readTree(arguments));
  }
}
