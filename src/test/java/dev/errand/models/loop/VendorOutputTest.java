package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each vendor is asked in its own way for answers that fit a schema. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class VendorOutputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = TASKS + "/shaped";
  private static final String CITY =
      """
      {"type": "object", "additionalProperties": false, "required": ["name"],
       "properties": {"name": {"type": "string"}}}""";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, /output_config/format, /output_config/format/schema",
    "responses, /text/format, /text/format/schema",
  })
  void anAnswerIsAskedForCheckedAndRepaired(String runner, String format, String schema)
      throws JsonProcessingException {
    register(runner, Map.of(), CITY).then().statusCode(201);
    model.script(request -> say(request.size() == 1 ? "Oslo" : "{\"name\": \"Oslo\"}"));
    trigger("shaped", "r", Map.of()).then().statusCode(201);
    JsonPath run = ended("shaped", "r");

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("Oslo", run.getString("result.name"));
    assertEquals(2, model.requests().size());
    for (ScriptedModel.Request request : model.requests()) {
      assertEquals("json_schema", request.sent().at(format + "/type").asText());
      assertEquals(JSON.readTree(CITY), request.sent().at(schema));
    }
    JsonNode repaired = model.requests().getLast().lastMessage();
    assertEquals("user", repaired.path("role").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"integer\", \"minimum\": 1}|/minimum",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"maxLength\": 9}},"
            + " \"additionalProperties\": false}|/properties/a/maxLength",
        "{\"type\": \"object\"}|/additionalProperties",
        "{\"type\": \"array\", \"items\": {\"type\": [\"null\", \"object\"],"
            + " \"additionalProperties\": true}}|/items/additionalProperties",
        "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 2}|/minItems",
        "{\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}|/items/$ref",
        "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"array\","
            + " \"items\": {\"$ref\": \"#/$defs/b\"}}, \"b\": {\"anyOf\": [{\"type\": \"null\"},"
            + " {\"$ref\": \"#/$defs/a\"}]}}}|/$defs/b/anyOf/1/$ref",
      })
  void whatAnthropicsModelsDoNotTakeIsRefusedAtRegistration(String schema, String named) {
    problem(register("anthropic", Map.of(), schema), 400, "invalid_input")
        .then()
        .body("detail", containsString(named))
        .body("detail", containsString("the models of anthropic"));
    register("responses", Map.of(), schema).then().statusCode(201);
  }

  @Test
  void aPartThatIsUsedTwiceDoesNotContainItself() {
    String schema =
        """
        {"type": "object", "additionalProperties": false,
         "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/x"}},
         "$defs": {"x": {"anyOf": [{"$ref": "#/$defs/y"}, {"$ref": "#/$defs/y"}]},
                   "y": {"type": "string"}}}""";
    register("anthropic", Map.of(), schema).then().statusCode(201);
  }

  @Test
  void aModelThatDoesNotKnowSchemasIsToldItInWords() {
    String open = "{\"type\": \"object\", \"required\": [\"name\"], \"maxProperties\": 3}";
    register("anthropic", Map.of("model", "claude-3-5-haiku-20241022", "system", "Be brief."), open)
        .then()
        .statusCode(201);
    model.script(request -> say("{\"name\": \"Oslo\"}"));
    trigger("shaped", "r", Map.of()).then().statusCode(201);

    assertEquals("Oslo", ended("shaped", "r").getString("result.name"));
    JsonNode sent = model.requests().getFirst().sent();
    assertEquals("Be brief.", sent.at("/system/0/text").asText());
    String told = sent.at("/system/1/text").asText();
    assertEquals(open.replace(" ", ""), told.substring(told.indexOf('{')));
    assertTrue(sent.path("output_config").isMissingNode());
  }

  @Test
  void aFormatOfTheTasksOwnIsNotOverwritten() {
    problem(
            register("responses", Map.of("text", Map.of("format", Map.of("type", "text"))), CITY),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("responses.text.format"));
  }

  private Response register(String runner, Map<String, Object> more, String schema) {
    Map<String, Object> own = new HashMap<>(more);
    own.put("prompt", "Which city?");
    own.putIfAbsent("model", "m");
    own.put("base_url", model.url());
    try {
      return api()
          .body(
              Map.of(
                  "runner",
                  runner,
                  runner,
                  own,
                  "settings",
                  Map.of("key", LoopRuns.KEY, "output_schema", JSON.readTree(schema))))
          .put(TASK);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
