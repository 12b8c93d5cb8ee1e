package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a model's server says that the model can't do is refused when a task is registered. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ListedModelTest {
  private static final String TASK = TASKS + "/listed";
  private static final String PROVIDER = "/api/users/~/providers/listed";
  private static final String KEY = "sk-ant-the-key-of-a-listing";

  /** The second is described by its limit alone, the third not at all. */
  private static final Answer MODELS =
      new Answer(
          200,
          """
          {"data": [
            {"type": "model", "id": "claude-x-20260901", "max_input_tokens": 200000, "max_tokens": 64000,
             "capabilities": {
               "thinking": {"supported": true, "types": {
                 "adaptive": {"supported": true}, "enabled": {"supported": false}, "disabled": {"supported": true}}},
               "effort": {"supported": true, "low": {"supported": true}, "medium": {"supported": true},
                 "high": {"supported": true}, "max": {"supported": false}},
               "structured_outputs": {"supported": false}, "image_input": {"supported": true}}},
            {"type": "model", "id": "claude-y", "max_tokens": 8192, "capabilities": null},
            {"type": "model", "id": "claude-z", "capabilities": {
               "thinking": {"supported": false}, "effort": {"supported": false}}},
            {"type": "model", "id": "claude-q"}]}""");

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    api().delete(PROVIDER);
    model.close();
  }

  private Response put(String name, Map<String, Object> more) {
    return put(name, more, Map.of("key", KEY));
  }

  private Response put(String name, Map<String, Object> more, Map<String, Object> settings) {
    Map<String, Object> anthropic = new HashMap<>(more);
    anthropic.putAll(Map.of("prompt", "p", "model", name, "base_url", model.url()));
    return api()
        .body(Map.of("runner", "anthropic", "anthropic", anthropic, "settings", settings))
        .put(TASK);
  }

  private static void assertRefused(Response answer, String field, String message) {
    problem(answer, 400, "invalid_input")
        .then()
        .body("errors.field", contains(field))
        .body("errors[0].message", startsWith(message));
  }

  private void provider() {
    api()
        .body(
            Map.of(
                "runner", "anthropic",
                "anthropic", Map.of("model", "claude-x", "base_url", model.url()),
                "settings", Map.of("key", KEY)))
        .put(PROVIDER)
        .then()
        .statusCode(201);
  }

  private int listings() {
    return model.listings().size();
  }

  @Test
  void whatTheModelRefusesNamesTheFieldAndTheRemedy() {
    model.catalog(request -> MODELS);
    assertRefused(
        put("claude-x", Map.of("max_tokens", 70_000)),
        "anthropic.max_tokens",
        "must be 64000 at most with claude-x, as its server says");
    assertRefused(
        put("claude-y", Map.of()), "anthropic.max_tokens", "must be 8192 at most with claude-y");
    assertRefused(
        put("claude-x", Map.of("thinking", Map.of("type", "enabled", "budget_tokens", 2000))),
        "anthropic.thinking.type",
        "must be adaptive or between_tools or disabled with claude-x");
    assertRefused(
        put("claude-x", Map.of("effort", "max")),
        "anthropic.effort",
        "must be low or medium or high or xhigh with claude-x");
    assertRefused(
        put("claude-z", Map.of("effort", "low")),
        "anthropic.effort",
        "must be absent with claude-z");
    assertRefused(
        put("claude-z", Map.of("thinking", Map.of("type", "adaptive"))),
        "anthropic.thinking.type",
        "must be disabled with claude-z");
    assertRefused(
        put("claude-x", Map.of(), Map.of("key", KEY, "output_schema", Map.of("type", "string"))),
        "settings.output_schema",
        "must be absent with claude-x, which has no structured outputs");
    api().get(TASK).then().statusCode(404);

    put("claude-x", Map.of("max_tokens", 64_000, "effort", "low")).then().statusCode(201);
    put("claude-q", Map.of("effort", "max")).then().statusCode(200);
    put("claude-unlisted", Map.of("effort", "max")).then().statusCode(200);
    assertEquals(1, listings(), "one list serves all");
  }

  @Test
  void aPatchWithoutTheKeyIsCheckedByTheListOfTheStoredOne() {
    model.catalog(request -> MODELS);
    put("claude-x", Map.of()).then().statusCode(201);
    assertRefused(
        api().body(Map.of("anthropic", Map.of("effort", "max"))).patch(TASK),
        "anthropic.effort",
        "must be low");
    assertEquals(1, listings());
  }

  @Test
  void aTaskThatAsksItsModelAsBeforeCanBeChanged() {
    model.catalog(request -> ScriptedModel.error(503, "overloaded_error", "Later."));
    put("claude-x", Map.of("effort", "max")).then().statusCode(201);
    model.catalog(request -> MODELS);
    provider();
    api().post(PROVIDER + "/check").then().statusCode(200);
    api().body(Map.of("enabled", false)).patch(TASK).then().statusCode(200);
    assertRefused(
        api().body(Map.of("anthropic", Map.of("max_tokens", 2000))).patch(TASK),
        "anthropic.effort",
        "must be low");
  }

  @Test
  void aListIsThatOfItsKey() {
    model.catalog(
        request ->
            request.authorization().equals("Bearer " + KEY)
                ? MODELS
                : ScriptedModel.models(List.of("claude-x")));
    assertRefused(put("claude-x", Map.of("effort", "max")), "anthropic.effort", "must be low");
    put("claude-x", Map.of("effort", "max"), Map.of("key", "sk-ant-another-key"))
        .then()
        .statusCode(201);
  }

  @Test
  void theCheckOfAProviderIsWhatItsTasksAreCheckedBy() {
    model.catalog(request -> MODELS);
    provider();
    api().post(PROVIDER + "/check").then().statusCode(200);
    model.catalog(request -> ScriptedModel.error(503, "overloaded_error", "Later."));
    assertRefused(
        api()
            .body(
                Map.of("provider", "~/listed", "anthropic", Map.of("prompt", "p", "effort", "max")))
            .put(TASK),
        "anthropic.effort",
        "must be low");
    assertEquals(1, listings());
  }

  @Test
  void aTaskIsTakenWhereItsServerDoesNotSay() {
    model.catalog(request -> ScriptedModel.error(503, "overloaded_error", "Later."));
    put("claude-x", Map.of("effort", "max")).then().statusCode(201);
    put("claude-x", Map.of("effort", "max")).then().statusCode(200);
    assertEquals(1, listings(), "it is not asked again at once");
    // What is known of a model without asking.
    put("claude-opus-5-5", Map.of(), Map.of("key", "sk-ant-another-key")).then().statusCode(200);
    assertEquals(1, listings());
  }

  @Test
  void aServerThatDoesNotAnswerDelaysARegistrationLittle() {
    CountDownLatch end = new CountDownLatch(1);
    model.catalog(
        (Request request) -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return MODELS;
        });
    try {
      put("claude-x", Map.of("effort", "max")).then().statusCode(201);
    } finally {
      end.countDown();
    }
  }
}
