package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which schemas are sent with {@code strict}. */
class StrictSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An object with one property. */
  private static String object(String property, String more) {
    return """
        {"type": "object", "additionalProperties": false, "required": ["a"],
         "properties": {"a": %s}%s}"""
        .formatted(property, more);
  }

  private static boolean isStrict(String schema) throws JsonProcessingException {
    return StrictSchema.includes((ObjectNode) JSON.readTree(schema));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"string\", \"pattern\": \"^a\", \"format\": \"date\"}",
        "{\"type\": [\"number\", \"null\"], \"minimum\": 0, \"multipleOf\": 2}",
        "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 1}",
        "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}",
        "{\"$ref\": \"#\"}",
        "{\"type\": \"string\", \"enum\": [\"x\", \"y\"]}",
      })
  void whatTheModeAcceptsIsStrict(String property) throws JsonProcessingException {
    assertTrue(isStrict(object(property, "")));
    assertTrue(isStrict(object(object(property, ""), "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "{}",
        "{\"type\": \"string\", \"maxLength\": 3}",
        "{\"type\": \"string\", \"default\": \"x\"}",
        "{\"allOf\": [{\"type\": \"string\"}]}",
        "{\"oneOf\": [{\"type\": \"string\"}]}",
        "{\"$ref\": \"#\", \"description\": \"x\"}",
        "{\"type\": \"object\"}",
        "{\"type\": [\"object\", \"null\"], \"properties\": {}}",
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}",
        "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"b\": {\"type\":"
            + " \"string\"}}}",
        "{\"type\": \"array\", \"items\": true}",
      })
  void whatTheModeRefusesIsNotStrict(String property) throws JsonProcessingException {
    assertFalse(isStrict(object(property, "")));
  }

  @Test
  void onlyAnObjectOfALimitedSizeIsStrict() throws JsonProcessingException {
    assertFalse(isStrict("{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"));
    assertFalse(
        isStrict(object("{\"type\": \"string\"}", ", \"anyOf\": [{\"type\": \"object\"}]")));
    String nested = "{\"type\": \"string\"}";
    for (int i = 0; i < 12; i++) {
      nested = object(nested, "");
    }
    assertFalse(isStrict(nested));
    String values =
        IntStream.range(0, 1001).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertFalse(isStrict(object("{\"type\": \"integer\", \"enum\": [" + values + "]}", "")));
  }
}
