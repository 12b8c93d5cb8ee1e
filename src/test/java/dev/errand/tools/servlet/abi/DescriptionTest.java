package dev.errand.tools.servlet.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.host.Fixture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptionTest {
  private static List<ToolSpec> tools(String output) throws InvalidServletException {
    var bytes = output.getBytes(StandardCharsets.UTF_8);
    return new Description(Fixture.limits()).tools(new Ending.Returned(bytes));
  }

  @Test
  void numbersOfASchemaStayAsTheyAreWritten() throws Exception {
    var schema =
        "{\"type\":\"object\",\"minimum\":0.1234567890123456789012345678901234567890,"
            + "\"maximum\":123456789012345678901234567890,\"multipleOf\":1.50,\"default\":100.0}";
    var described = tools("{\"tools\":[{\"name\":\"p\",\"inputSchema\":" + schema + "}]}\n");
    assertEquals(schema, described.getFirst().inputSchema().toString());
  }

  @ParameterizedTest
  @CsvSource({"1e999999999", "-1e400", "1e-999999999", "1e309"})
  void numbersThatReadersCanNotCountAreRefused(String number) {
    refused(
        "\"p\" has a number beyond 1e308",
        "{\"tools\":[{\"name\":\"p\",\"inputSchema\":{\"a\":[{\"maximum\":" + number + "}]}}]}");
  }

  @Test
  void ambiguousDescriptionsAreRefused() {
    refused("without duplicate keys", "{\"tools\":[],\"tools\":[{\"name\":\"p\"}]}");
    refused("nothing after it", "{\"tools\":[{\"name\":\"p\"}]} {}");
    refused("nothing after it", "{\"tools\":[{\"name\":\"p\"}]} xx");
    refused("a string of 1 to 128", "{\"tools\":[{\"name\":5}]}");
    refused("a string of 1 to 128", "{\"tools\":[{}]}");
  }

  @Test
  void theZeroThatEndsAStringOfCIsNoMore() throws Exception {
    assertEquals("p", tools("{\"tools\":[{\"name\":\"p\"}]}\0").getFirst().name());
  }

  @ParameterizedTest
  @CsvSource({
    "input_schema, inputSchema",
    "InputSchema, inputSchema",
    "inputShema, inputSchema",
    "parameters, inputSchema",
    "schema, inputSchema",
    "Description, description",
    "descripton, description"
  })
  void aKeyThatIsMisspeltIsRefusedByName(String key, String meant) {
    refused(
        "\"p\" has the key \"" + key + "\"; did you mean \"" + meant + "\"?",
        "{\"tools\":[{\"name\":\"p\",\"" + key + "\":{\"type\":\"object\"}}]}");
  }

  @Test
  void aKeyOfASchemaBesideItIsRefusedByName() {
    refused(
        "\"required\", which belongs in its \"inputSchema\"",
        "{\"tools\":[{\"name\":\"p\",\"inputSchema\":{},\"required\":[\"a\"]}]}");
  }

  @Test
  void theKeysOfTheModelContextProtocolAndOfOthersArePassedOver() throws Exception {
    var tool =
        """
        {"name": "p", "title": "P", "description": "d", "inputSchema": {"type": "object"},
         "input_schema": {"type": "object"}, "parameters": null,
         "outputSchema": {"type": "object"}, "output_schema": {}, "annotations": {"readOnlyHint": true},
         "icons": [], "icon": "x", "execution": {"taskSupport": "optional"}, "_meta": {"a/b": 1},
         "version": "1.0", "x-vendor": 1, "inputExamples": [], "handler": "p", "type": "function"}
        """;
    var described = tools("{\"tools\":[" + tool + "],\"nextCursor\":null,\"_meta\":{}}");
    assertEquals("d", described.getFirst().description());
    assertEquals("{\"type\":\"object\"}", String.valueOf(described.getFirst().outputSchema()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"string\"} | \"type\" is not \"object\"",
        "{\"type\":[\"object\"]} | \"type\" is not \"object\"",
        "{\"properties\":[]} | \"properties\" is not an object",
        "{\"required\":\"x\"} | \"required\" is not a list of strings",
        "{\"required\":[1]} | \"required\" is not a list of strings"
      })
  void aSchemaThatIsNoneOfAnObjectIsRefused(String schema, String reason) {
    refused(
        "The inputSchema of the tool \"p\" is not valid: its " + reason,
        "{\"tools\":[{\"name\":\"p\",\"inputSchema\":" + schema + "}]}");
  }

  private static void refused(String reason, String output) {
    var refused = assertThrows(InvalidServletException.class, () -> tools(output));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::getMessage);
  }
}
