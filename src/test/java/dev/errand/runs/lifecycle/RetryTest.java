package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A run that ended as error goes on from what it has done. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RetryTest {
  private static final String RUN = TASKS + "/again/runs/r";
  private static final Map<String, Object> KEY = Map.of("key", "sk-a-key-for-tests-1234");

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void forget() {
    api().delete(TASKS + "/again?force=true");
    model.close();
  }

  @Test
  void aRetryContinuesAfterTheLastEntryAndRepeatsNothing() {
    model.script(
        request ->
            request.size() == 1
                ? call("c1", "no_such_tool", "{}")
                : error(401, "invalid_api_key", "No such key."));
    register("again", "Hello {{ who }}", model).then().statusCode(201);
    trigger("again", "r", Map.of("who", "you"));
    JsonPath before = ended("again", "r");
    assertEquals("key_refused", before.getString("error.code"), before.prettify());
    model.script(request -> say("Now it works."));
    register("again", "Another prompt", model).then().statusCode(200);

    api()
        .post(RUN + "/retry")
        .then()
        .statusCode(202)
        .body("error", nullValue())
        .body("finished_at", nullValue());
    JsonPath run = ended("again", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(
        List.of(
            "message",
            "message",
            "call tool request",
            "call tool result",
            "run failed",
            "run taken up again",
            "final message"),
        run.getList("results.findAll { it.level != 40 }.msg"));
    assertEquals(List.of("tools_failed"), run.getList("warnings"));
    assertEquals("Hello you", run.getString("results[0].exchange.content"));
    assertEquals(before.getList("results"), run.getList("results").subList(0, 5));
    assertEquals(3, model.requests().size());
    assertEquals(3, model.requests().getLast().size());
    assertEquals(2, run.getInt("usage.steps"));
    assertEquals(2, run.getInt("attempt"));
    assertTrue(
        Instant.parse(run.getString("started_at"))
            .isAfter(Instant.parse(before.getString("finished_at"))));
  }

  @Test
  void aRetryHasTheCurrentLimitsOfItsTask() {
    model.script(
        request -> request.size() < 4 ? call("c" + request.size(), "none", "{}") : say("Enough."));
    register("again", "Hello", model, Map.of("key", "sk-a-key-for-tests-1234", "max_steps", 1));
    trigger("again", "r", Map.of());
    assertEquals("max_steps", ended("again", "r").getString("error.code"));

    api().post(RUN + "/retry").then().statusCode(202);
    assertEquals("max_steps", ended("again", "r").getString("error.code"));
    assertEquals(1, model.requests().size());
    register("again", "Hello", model, Map.of("max_steps", 5)).then().statusCode(200);
    api().post(RUN + "/retry").then().statusCode(202);
    JsonPath run = ended("again", "r");
    assertEquals("Enough.", run.getString("output"), run.prettify());
    assertEquals(3, run.getInt("usage.steps"));
  }

  @Test
  void aRetryUsesTheCurrentModelOfItsTask() {
    model.script(request -> error(404, "model_not_found", "No such model."));
    register("again", "Hello", model).then().statusCode(201);
    trigger("again", "r", Map.of());
    assertEquals("model_not_found", ended("again", "r").getString("error.code"));
    model.script(request -> say("Here."));
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "x", "model", "another", "base_url", model.url())))
        .put(TASKS + "/again")
        .then()
        .statusCode(200);

    api().body("{}").post(RUN + "/retry").then().statusCode(202);
    assertEquals("Here.", ended("again", "r").getString("output"));
    assertEquals("another", model.requests().getLast().body().path("model").asText());
    assertEquals("Hello", model.requests().getLast().lastMessage().path("content").asText());
  }

  @Test
  void aRetryHasThePresentSystemTextOfItsTaskAsFarAsItsRunCanFillIt() {
    model.script(request -> error(401, "invalid_api_key", "No."));
    registerWith("Be brief, {{ who }}.");
    trigger("again", "r", Map.of("who", "Ann"));
    ended("again", "r");

    assertEquals("Be kind, Ann.", systemOfRetry("Be kind, {{ who }}."));
    assertEquals(true, lastRetry().get("anew"));
    assertEquals("Be kind, Ann.", systemOfRetry("Be {{ how }}."));
    assertEquals("Be kind, Ann.", systemOfRetry("It is {{ @now }}."));
    assertFalse(lastRetry().containsKey("anew"));
    assertEquals("", systemOfRetry(null));
  }

  private void registerWith(@Nullable String system) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("prompt", "Hello");
    settings.put("model", "m");
    settings.put("base_url", model.url());
    settings.put("system", system);
    api()
        .body(Map.of("runner", "openai", "openai", settings, "settings", KEY))
        .put(TASKS + "/again");
  }

  private String systemOfRetry(@Nullable String system) {
    registerWith(system);
    api().post(RUN + "/retry").then().statusCode(202);
    ended("again", "r");
    JsonNode first = model.requests().getLast().body().path("messages").path(0);
    return first.path("role").asText().equals("system") ? first.path("content").asText() : "";
  }

  private static Map<String, Object> lastRetry() {
    List<Map<String, Object>> entries = ended("again", "r").getList("results");
    return entries.reversed().stream()
        .filter(entry -> "run taken up again".equals(entry.get("msg")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCancelledRunCanBeRetried() throws InterruptedException {
    try (SilentModel silent = new SilentModel()) {
      register("again", "Hello", silent.url(), KEY).then().statusCode(201);
      trigger("again", "r", Map.of());
      assertTrue(silent.awaitRequest());
      problem(api().post(RUN + "/retry"), 409, "run_not_ended");
      api().delete(RUN).then().statusCode(200).body("error.code", equalTo("cancelled"));
    }
    register("again", "Hello", model).then().statusCode(200);

    api().post(RUN + "/retry").then().statusCode(202);
    assertEquals("Done.", ended("again", "r").getString("output"));
  }

  @Test
  void onlyAFailedRunThatMayStartCanBeRetried() {
    register("again", "Hello", model).then().statusCode(201);
    trigger("again", "r", Map.of());
    ended("again", "r");
    problem(api().post(RUN + "/retry"), 409, "run_ready");
    model.script(request -> error(401, "invalid_api_key", "No."));
    trigger("again", "failed", Map.of());
    JsonPath failed = ended("again", "failed");
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "enabled",
                false,
                "openai",
                Map.of("prompt", "x", "model", "m", "base_url", model.url())))
        .put(TASKS + "/again")
        .then()
        .statusCode(200);

    problem(api().post(TASKS + "/again/runs/failed/retry"), 409, "task_disabled");
    assertEquals(
        failed.getMap("$"), api().get(TASKS + "/again/runs/failed").jsonPath().getMap("$"));
    problem(api().post(TASKS + "/again/runs/none/retry"), 404, "run_not_found");
    problem(api().post(TASKS + "/none/runs/r/retry"), 404, "task_not_found");
  }
}
