package dev.errand.app.boot;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What JSON allows and neither the database nor an answer can hold. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OddJsonTest {
  private static final String TASK =
      "{\"runner\": \"openai\", \"openai\": {\"prompt\": \"%s\", \"model\": \"gpt-4o\","
          + " \"base_url\": \"%s\"}, \"settings\": {\"key\": \"sk-a-key-for-tests-1234\"%s}}";

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    model.script(request -> say(request.lastMessage().path("content").asText()));
    register("odd", "{{# a }}{{ a }}{{/ a }}{{ @payload }}", model).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/odd?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void halfOfASurrogatePairIsReplacedOnceAndForAll() {
    api()
        .body("{\"parameters\": {\"a\": \"x\\ud800y\\\\ud800\", \"\\udc00\": \"\\ud83d\\ude00\"}}")
        .put(TASKS + "/odd/runs/r")
        .then()
        .statusCode(201)
        .body("parameters.a", equalTo("x\uFFFDy\\ud800"))
        .body("parameters.'\uFFFD'", equalTo("\uD83D\uDE00"));
    assertEquals("x\uFFFDy\\ud800", ended("odd", "r").getString("parameters.a"));
    api()
        .body("{\"cron\": \"0 9 * * *\", \"parameters\": {\"a\": \"\\uDFFF\\uD800\\uD800\"}}")
        .put(TASKS + "/odd/schedules/s")
        .then()
        .statusCode(201)
        .body("parameters.a", equalTo("\uFFFD\uFFFD\uFFFD"));
    api()
        .body(TASK.formatted("x\\ud800y", model.url(), ""))
        .put(TASKS + "/odd")
        .then()
        .statusCode(200)
        .body("openai.prompt", equalTo("x\uFFFDy"));
    api().get(TASKS + "/odd").then().body("openai.prompt", equalTo("x\uFFFDy"));
  }

  @Test
  void halfOfASurrogatePairIsReplacedWhereItStandsInBytes() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"parameters\": {\"a\": \"x".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
    body.writeBytes("\uD7FFy\"}}".getBytes(StandardCharsets.UTF_8));
    api()
        .body(body.toByteArray())
        .put(TASKS + "/odd/runs/r")
        .then()
        .statusCode(201)
        .body("parameters.a", equalTo("x\uFFFD\uD7FFy"));
  }

  @ParameterizedTest
  @CsvSource({
    "malformed_json,runs/r,{\"parameters\": {\"a\": %s}}",
    "invalid_input,schedules/s,{\"cron\": \"@daily\"; \"parameters\": {\"a\": %s}}",
    "invalid_input,preview,{\"parameters\": {\"a\": %s}}",
  })
  void aNumberThatNothingCanHoldIsRefused(String code, String path, String body) {
    for (String number : new String[] {"1e999999999999", "-1E-999999999999", "[1e2147483649]"}) {
      String full = body.replace(";", ",").formatted(number);
      String at = TASKS + "/odd/" + path;
      problem(
          path.equals("preview") ? api().body(full).post(at) : api().body(full).put(at), 400, code);
    }
    api().get(TASKS + "/odd/runs").then().body("$", hasSize(0));
  }

  @Test
  void soIsOneInATask() {
    problem(
        api()
            .body(TASK.formatted("x", model.url(), ", \"max_cost_usd\": 1e999999999999"))
            .put(TASKS + "/odd"),
        400,
        "invalid_input");
  }
}
