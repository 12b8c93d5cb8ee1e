package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.Sql;
import dev.errand.support.Chat;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of tasks with {@code settings.output_schema}, from the request to the shown result. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StructuredOutputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = TASKS + "/city";
  private static final Map<String, Object> CITY =
      Map.of(
          "type",
          "object",
          "additionalProperties",
          false,
          "required",
          List.of("name", "people"),
          "properties",
          Map.of("name", Map.of("type", "string"), "people", Map.of("type", "integer")));
  private static final String OSLO = "{\"name\": \"Oslo\", \"people\": 700000}";

  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  private void aTask(Map<String, Object> more) {
    aTask("Which city?", CITY, more);
  }

  private void aTask(String prompt, Map<String, Object> schema, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", LoopRuns.KEY);
    settings.put("output_schema", schema);
    register("city", prompt, model, settings).then().statusCode(201);
  }

  private static JsonPath run(String name) {
    trigger("city", name, Map.of()).then().statusCode(201);
    return ended("city", name);
  }

  private static String said(JsonPath run, int entry) {
    return run.getString("results[" + entry + "].exchange.content");
  }

  /** Answers each request with the next of these texts, and from then on with the last. */
  private void answer(String... texts) {
    model.script(request -> say(texts[Math.min(model.requests().size(), texts.length) - 1]));
  }

  @Test
  void anAnswerThatFitsIsTheResult() {
    aTask(Map.of());
    answer(OSLO);
    JsonPath run = run("r");
    assertEquals("ready", run.getString("status"));
    assertEquals(Map.of("name", "Oslo", "people", 700000), run.getMap("result"));
    assertEquals(OSLO, run.getString("output"));
    assertEquals(2, run.getList("results").size());

    JsonNode format = model.requests().getFirst().body().path("response_format");
    assertEquals("json_schema", format.path("type").asText());
    assertEquals("output", format.at("/json_schema/name").asText());
    assertTrue(format.at("/json_schema/strict").booleanValue());
    assertEquals(JSON.valueToTree(CITY), format.at("/json_schema/schema"));
    // The request behind an entry, a list and a preview have it, too.
    api()
        .get(TASK + "/runs/r/entries/1/request")
        .then()
        .body("body.response_format.type", equalTo("json_schema"));
    api().get(TASK + "/runs").then().body("[0].result.name", equalTo("Oslo"));
    api()
        .body("{}")
        .post(TASK + "/preview")
        .then()
        .body("request.body.response_format.json_schema.strict", equalTo(true));
  }

  @Test
  void aSchemaBeyondTheStrictModeIsSentWithoutIt() {
    aTask(
        "Which city?",
        Map.of("type", "object", "properties", Map.of("name", Map.of("type", "string"))),
        Map.of());
    answer(OSLO);
    assertEquals("Oslo", run("r").getString("result.name"));
    assertFalse(
        model.requests().getFirst().body().at("/response_format/json_schema/strict").asBoolean());
  }

  @Test
  void aRunOfATaskWithoutASchemaHasNoResult() {
    register("city", "Hello", model).then().statusCode(201);
    answer(OSLO);
    trigger("city", "r", Map.of()).then().statusCode(201);
    assertEquals(OSLO, ended("city", "r").getString("output"));
    api().get(TASK + "/runs/r").then().body("$", not(hasKey("result")));
    api().get(TASK).then().body("settings", not(hasKey("output_schema")));
    api().get(TASK).then().body("settings", not(hasKey("output_repairs")));
    assertFalse(model.requests().getFirst().body().has("response_format"));
  }

  @Test
  void anAnswerThatDoesNotFitIsRepaired() {
    aTask(Map.of());
    answer("{\"name\": \"Oslo\"}", OSLO);
    JsonPath run = run("r");
    assertEquals("ready", run.getString("status"));
    assertEquals(700000, run.getInt("result.people"));
    assertEquals(4, run.getList("results").size(), run.prettify());
    assertEquals("{\"name\": \"Oslo\"}", said(run, 1));
    assertTrue(said(run, 2).contains("The whole lacks the property people."), said(run, 2));
    assertEquals(true, run.getBoolean("results[2].repair"));
    assertEquals(2, run.getInt("usage.steps"));
    assertEquals(List.of("user", "assistant", "user"), roles(model.requests().get(1)));
    assertEquals(said(run, 2), model.requests().get(1).lastMessage().path("content").asText());
  }

  private static List<String> roles(Request request) {
    return request
        .body()
        .path("messages")
        .valueStream()
        .map(message -> message.path("role").asText())
        .toList();
  }

  @Test
  void anAnswerThatDoesNotFitAfterTheRepairsEndsTheRun() {
    aTask(Map.of("output_repairs", 2));
    answer("Oslo!");
    JsonPath run = run("r");
    assertEquals("error", run.getString("status"));
    assertEquals("output_invalid", run.getString("error.code"));
    assertTrue(run.getString("error.message").contains("settings.output_schema"));
    assertTrue(run.getString("error.message").contains("2 times"), run.prettify());
    assertNull(run.get("output"));
    api().get(TASK + "/runs/r").then().body("$", not(hasKey("result")));
    assertEquals(3, model.requests().size());
    assertEquals(7, run.getList("results").size(), run.prettify());
    assertEquals("Oslo!", said(run, 5));
    assertEquals("output_invalid", run.getString("results[6].code"));
    assertEquals(3, run.getInt("usage.steps"));

    // A retry asks anew, and may repair again.
    model.requests().clear();
    model.script(request -> say(model.requests().size() == 1 ? "{}" : OSLO));
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    JsonPath retried = ended("city", "r");
    assertEquals("Oslo", retried.getString("result.name"));
    assertEquals(
        List.of("user", "assistant", "user", "assistant", "user"),
        roles(model.requests().getFirst()));
  }

  @Test
  void noRepairsMeansThatTheFirstAnswerCounts() {
    aTask(Map.of("output_repairs", 0));
    answer("{\"people\": 1}");
    JsonPath run = run("r");
    assertEquals("output_invalid", run.getString("error.code"));
    assertTrue(run.getString("error.message").contains("lacks the property name"));
    assertEquals(1, model.requests().size());
  }

  @Test
  void aRepairStaysWithinTheBounds() {
    aTask(Map.of("output_repairs", 5, "max_steps", 2));
    answer("No JSON.");
    JsonPath run = run("r");
    assertEquals("max_steps", run.getString("error.code"));
    assertEquals(2, model.requests().size());
  }

  @Test
  void toolsAreCalledBeforeTheResult() {
    aTask(Map.of());
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("c", "calc_calculate", "{\"expression\":\"1+1\"}");
              case 3 -> say("{}");
              default -> say(OSLO);
            });
    JsonPath run = run("r");
    assertEquals("Oslo", run.getString("result.name"));
    assertEquals(3, run.getInt("usage.steps"));
  }

  @Test
  void aRefusalIsNotRepaired() {
    aTask(Map.of());
    model.script(
        request ->
            finished("stop", "{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}"));
    JsonPath run = run("r");
    assertEquals("output_invalid", run.getString("error.code"));
    assertTrue(run.getString("error.message").contains("refused"), run.prettify());
    assertEquals("No.", run.getString("results[1].exchange.refusal"));
    assertEquals(1, model.requests().size());
  }

  @Test
  void anAnswerThatWasCutIsNotRepaired() {
    aTask(Map.of());
    model.script(
        request ->
            finished("length", "{\"role\":\"assistant\",\"content\":\"{\\\"name\\\": \\\"Os\"}"));
    JsonPath run = run("r");
    assertEquals("output_invalid", run.getString("error.code"));
    assertTrue(run.getString("error.message").contains("max_completion_tokens"), run.prettify());
    assertEquals(1, model.requests().size());
  }

  private static Answer finished(String reason, String message) {
    return new Answer(
        200,
        "{\"choices\": [{\"index\": 0, \"message\": %s, \"finish_reason\": \"%s\"}]}"
            .formatted(message, reason));
  }

  @Test
  void aServerWithoutTheModeEndsTheRunWithItsWords() {
    aTask(Map.of());
    model.script(request -> error(400, "invalid_request_error", "response_format is unknown"));
    JsonPath run = run("r");
    assertEquals("model_refused", run.getString("error.code"));
    assertTrue(run.getString("error.message").contains("response_format is unknown"));
  }

  @Test
  void aStreamedAnswerIsChecked() {
    Map<String, Object> settings = Map.of("key", LoopRuns.KEY, "output_schema", CITY);
    LoopRuns.registerStreaming("city", model, settings);
    model.script(
        request ->
            Answer.stream(
                to -> {
                  to.write(event("{\"delta\":{\"content\":\"{\\\"name\\\": \"}}"));
                  to.write(
                      event(
                          "{\"delta\":{\"content\":\"\\\"Oslo\\\", \\\"people\\\": 1}\"},"
                              + "\"finish_reason\":\"stop\"}"));
                  to.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
                }));
    assertEquals(1, run("r").getInt("result.people"));
  }

  private static byte[] event(String choice) {
    return "data: {\"choices\":[%s]}\n\n".formatted(choice).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void thePreviousResultIsAValueOfThePrompt() {
    aTask(
        "{{# @previous }}{{ @previous.result.name }} {{ @previous.result }}{{/ @previous }}",
        CITY,
        Map.of());
    answer(OSLO);
    run("first");
    run("second");
    assertEquals(
        "Oslo {\"name\":\"Oslo\",\"people\":700000}",
        model.requests().get(1).lastMessage().path("content").asText());
    assertEquals("", model.requests().get(0).lastMessage().path("content").asText());
  }

  @Test
  void aChatGetsTheSchemaAndTheResult() {
    aTask(
        "Which city?",
        Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "array",
            "items",
            Map.of("$ref", "#/$defs/city"),
            "$defs",
            Map.of("city", CITY)),
        Map.of());
    answer("[" + OSLO + "]");
    JsonPath tools = Chat.ofTests().result("tools/list", Map.of());
    Map<String, Object> tool =
        tools.<Map<String, Object>>getList("tools").stream()
            .filter(each -> "run_city".equals(each.get("name")))
            .findFirst()
            .orElseThrow();
    JsonNode output = JSON.valueToTree(tool.get("outputSchema"));
    assertEquals("object", output.path("type").asText());
    assertEquals("array", output.at("/properties/result/type").asText());
    assertEquals(
        "#/properties/result/$defs/city", output.at("/properties/result/items/$ref").asText());
    assertFalse(output.at("/properties/result").has("$schema"));
    JsonPath answer = Chat.ofTests().call("run_city", Map.of());
    assertEquals("Oslo", answer.getString("structuredContent.result[0].name"));
    assertEquals("ready", answer.getString("structuredContent.status"));
  }

  @Test
  void theRunOfAnOlderProcessHasNoResult() {
    aTask(Map.of());
    answer(OSLO);
    run("r");
    sql.statement("UPDATE run SET has_result = NULL WHERE name = 'r'").run();
    api()
        .get(TASK + "/runs/r")
        .then()
        .body("output", startsWith("{"))
        .body("$", not(hasKey("result")));
  }
}
