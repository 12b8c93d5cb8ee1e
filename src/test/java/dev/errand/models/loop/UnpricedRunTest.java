package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run whose cost is not known: it ends where its task bounds the cost, and else says so. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnpricedRunTest {
  private static final String UNPRICED = "a-model-without-a-price";

  private final ScriptedModel model = new ScriptedModel();
  private final String task = "unpriced" + UUID.randomUUID();

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void aTaskThatBoundsTheCostMakesNoToolCallsOfAnUnpricedModel() {
    model.script(request -> call("c", "none", "{}"));
    register(UNPRICED, Map.of("max_cost_usd", 0.4));
    JsonPath run = run("r");

    assertEquals("model_not_priced", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("errand.model.prices"), run.prettify());
    assertEquals(1, run.getInt("usage.steps"));
    assertEquals(1, model.requests().size());
    assertEquals(List.of("message", "message", "run failed"), run.getList("results.msg"));
    assertEquals(List.of(), warnings(run));
  }

  @Test
  void withoutTheBoundItIsRetriedToItsEnd() {
    register(UNPRICED, Map.of("max_cost_usd", 0.4));
    assertEquals("model_not_priced", run("r").getString("error.code"));

    register(UNPRICED, Map.of());
    api().post(TASKS + "/" + task + "/runs/r/retry").then().statusCode(202);
    JsonPath run = ended(task, "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(2, run.getInt("usage.steps"));
  }

  @Test
  void theDefaultBoundWarnsOnceThatItBoundsNothing() {
    model.script(
        request -> request.size() < 5 ? call("c" + request.size(), "none", "{}") : say("Done."));
    register(UNPRICED, Map.of("max_cost_usd", 0.5));
    // What is shown has the default, and may be sent back.
    ObjectNode shown = api().get(TASKS + "/" + task).as(ObjectNode.class);
    assertEquals(0.5, shown.at("/settings/max_cost_usd").asDouble());
    api().body(shown).put(TASKS + "/" + task).then().statusCode(200);
    JsonPath run = run("r");

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(3, run.getInt("usage.steps"));
    assertEquals(List.of("cost_unbounded", "tools_failed"), warnings(run));
  }

  @Test
  void aRetryWithAModelOfUnknownCostIsBoundedToo() {
    model.script(
        request ->
            request.size() == 1
                ? RunUsageCountTest.using(
                    "{\"prompt_tokens\": 10, \"completion_tokens\": 5, \"cost\": 0.1}",
                    call("c", "none", "{}"))
                : error(401, "invalid_api_key", "No."));
    register(UNPRICED, Map.of("max_cost_usd", 0.4));
    assertEquals("key_refused", run("r").getString("error.code"));
    model.script(request -> call("d", "none", "{}"));
    api().post(TASKS + "/" + task + "/runs/r/retry").then().statusCode(202);

    assertEquals("model_not_priced", ended(task, "r").getString("error.code"));
    register(UNPRICED, Map.of());
    model.script(request -> say("Done."));
    api().post(TASKS + "/" + task + "/runs/r/retry").then().statusCode(202);
    JsonPath run = ended(task, "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("cost_unbounded", "tools_failed"), warnings(run));
    assertEquals("tool", model.requests().getLast().lastMessage().path("role").asText());
  }

  @Test
  void aPriceIsOfNoUseWhereNoTokensAreCounted() {
    model.script(request -> RunUsageCountTest.using("null", say("Done.")));
    register("gpt-4o", Map.of("max_cost_usd", 0.4));
    JsonPath run = run("r");

    assertEquals("model_not_priced", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("counts tokens"), run.prettify());
    assertNull(run.getString("output"));
  }

  @Test
  void aCostThatTheServerReportsIsBounded() {
    model.script(
        request ->
            RunUsageCountTest.using(
                "{\"prompt_tokens\": 10, \"completion_tokens\": 5, \"cost\": 0.35}",
                call("c" + request.size(), "none", "{}")));
    register(UNPRICED, Map.of("max_cost_usd", 0.4));
    JsonPath run = run("r");

    assertEquals("max_cost", run.getString("error.code"), run.prettify());
    assertEquals(List.of("max_cost"), warnings(run));
  }

  private static List<String> warnings(JsonPath run) {
    return run.getList("results.findAll { it.level == 40 }.code");
  }

  private void register(String name, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", LoopRuns.KEY);
    api()
        .body(Api.task(Map.of("prompt", "Hello", "model", name, "base_url", model.url()), all))
        .put(TASKS + "/" + task);
  }

  private JsonPath run(String name) {
    trigger(task, name, Map.of()).then().statusCode(201);
    return ended(task, name);
  }
}
