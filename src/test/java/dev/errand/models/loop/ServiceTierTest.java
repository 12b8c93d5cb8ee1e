package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tiers of service: what is asked for, which one served, at what price, and one without a place.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ServiceTierTest {
  private static final Answer FULL = error(429, "resource_unavailable", "Resource Unavailable");

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @ParameterizedTest
  @CsvSource({
    // 10 tokens asked at US$ 2.50 per million, 5 answered at 15; half of the input is cached anew.
    "openai, gpt-5.4, flex, flex, false, 0.00005",
    "openai, gpt-5.4, flex, flex, true, 0.00005",
    "openai, gpt-5.4, auto, priority, false, 0.0002",
    "openai, gpt-5.4, flex, default, false, 0.0001",
    "openai, gpt-5.4, flex, '', false, 0.0001",
    "openai, gpt-5.4, performance, performance, true, 0.0001",
    "responses, gpt-5.4, flex, flex, false, 0.00005",
    "responses, gpt-5.4, flex, flex, true, 0.00005",
    "responses, gpt-5.4, priority, priority, false, 0.0002",
    "responses, gpt-5.4, flex, default, true, 0.0001",
    "anthropic, claude-haiku-4-5, auto, priority, false, 0.00003625",
    "anthropic, claude-haiku-4-5, standard_only, standard, true, 0.00003625",
    "anthropic, claude-haiku-4-5, auto, '', false, 0.00003625",
  })
  void theTierOfTheAnswerDecidesThePrice(
      String runner, String name, String asked, String told, boolean streamed, double cost) {
    model.script(request -> tier(runner, streamed, say("Done."), told));
    JsonPath run = run(runner, name, Map.of("service_tier", asked, "stream", streamed), Map.of());

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(asked, model.requests().getFirst().sent().path("service_tier").asText());
    assertEquals(streamed, model.requests().getFirst().sent().path("stream").asBoolean());
    assertEquals(told.isEmpty() ? null : told, run.getString("results.last().usage.service_tier"));
    assertEquals(cost, run.getDouble("results.last().usage.cost_usd"), 1e-12);
    String page =
        new Browser(Api.SESSION).open("/console/admin/default/tasks/tiered/runs/r").text();
    assertEquals(
        Set.of("flex", "priority", "performance").contains(told),
        page.contains(" · tier " + told),
        page);
    assertEquals(cost, run.getDouble("usage.cost_usd"), 1e-9);
  }

  @Test
  void withoutATierNoneIsSentAndAnOddOneOfAnAnswerIsNotKept() {
    for (String runner : List.of("openai", "responses", "anthropic")) {
      model.script(request -> tier(runner, false, say("Done."), "no word <b>"));
      JsonPath run = run(runner, "gpt-5.4", Map.of(), Map.of());

      assertFalse(model.requests().getLast().sent().has("service_tier"), runner);
      assertNull(run.get("results.last().usage.service_tier"), run.prettify());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai, 429, resource_unavailable, false",
    "openai, 429, resource_unavailable, true",
    "openai, 498, capacity_exceeded, true",
    "openai, 498, '', false",
    "responses, 429, resource_unavailable, false",
    "responses, 429, resource_unavailable, true",
  })
  void aTierWithoutAPlaceIsLeftWhereTheTaskAllowsIt(
      String runner, int status, String code, boolean streamed) {
    answer(
        error(status, code, "No capacity.").with("x-should-retry", "false"),
        tier(
            runner, streamed, call("c1", "calc_calculate", "{\"expression\": \"1+1\"}"), "default"),
        tier(runner, streamed, say("Done."), "flex"));
    JsonPath run =
        run(
            runner,
            "gpt-5.4",
            Map.of("service_tier", "flex", "stream", streamed),
            Map.of(
                "service_tier_fallback",
                true,
                "max_attempts",
                1,
                "expect",
                Map.of("when", "'service_tier_refused' in warnings")));

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("service_tier_refused"), run.getList("warnings"));
    assertEquals(List.of("flex", "", "flex"), tiersAsked());
    assertTrue(
        run.getString("results[1].msg").contains("no capacity left for the service tier flex"),
        run.prettify());
    assertEquals(
        0.00015, run.getDouble("usage.cost_usd"), 1e-9, "each answer at the price of its own tier");
    // What is the same but for the tier.
    ObjectNode first = (ObjectNode) model.requests().get(0).sent();
    first.remove("service_tier");
    assertEquals(first, model.requests().get(1).sent());
    api()
        .get(TASKS + "/tiered/runs/r/entries/2/request")
        .then()
        .statusCode(200)
        .body("body.service_tier", nullValue());
  }

  @Test
  void aTierWithoutAPlaceIsAskedAgainWhereTheTaskDoesNotAllowAnother() {
    answer(FULL, error(498, "capacity_exceeded", "Full."), say("Done."));
    JsonPath run = run("openai", "gpt-5.4", Map.of("service_tier", "flex"), Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("flex", "flex", "flex"), tiersAsked());
    assertEquals(List.of(), run.getList("warnings"));
    assertEquals(List.of(1, 2), run.getList("results.findAll { it.level == 40 }.try"));

    answer(FULL, FULL);
    run = run("openai", "gpt-5.4", Map.of("service_tier", "flex"), Map.of("max_attempts", 1));
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
  }

  @Test
  void anErrorInAStreamLeavesTheTierToo() {
    answer(
        events("{\"error\": {\"code\": \"resource_unavailable\", \"message\": \"Full.\"}}"),
        say("Done."));
    JsonPath run =
        run(
            "openai",
            "gpt-5.4",
            Map.of("service_tier", "flex", "stream", true),
            Map.of("service_tier_fallback", true));

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(List.of("flex", ""), tiersAsked());
  }

  @Test
  void otherErrorsDoNotLeaveTheTier() {
    Map<String, Object> allowed = Map.of("service_tier_fallback", true);
    answer(error(429, "rate_limit_exceeded", "Slower."), say("Done."));
    run("openai", "gpt-5.4", Map.of("service_tier", "flex"), allowed);
    assertEquals(List.of("flex", "flex"), tiersAsked());

    answer(error(429, "insufficient_quota", "Pay."));
    JsonPath run = run("openai", "gpt-5.4", Map.of("service_tier", "flex"), allowed);
    assertEquals("quota_exceeded", run.getString("error.code"), run.prettify());

    for (String runner : List.of("openai", "responses", "anthropic")) {
      answer(error(400, "invalid_request_error", "Unknown tier."));
      run = run(runner, "gpt-5.4", Map.of("service_tier", "turbo"), allowed);
      assertEquals("model_refused", run.getString("error.code"), run.prettify());
      assertEquals("turbo", tiersAsked().getLast());
    }
  }

  private List<String> tiersAsked() {
    return model.requests().stream()
        .map(request -> request.sent().path("service_tier").asText())
        .toList();
  }

  private void answer(Answer... answers) {
    Queue<Answer> left = new ArrayDeque<>(List.of(answers));
    model.requests().clear();
    model.script(request -> left.isEmpty() ? say("No more.") : left.remove());
  }

  private static Answer tier(String runner, boolean streamed, Answer answer, String tier) {
    String named =
        tier.isEmpty()
            ? answer.body()
            : answer.body().replaceFirst("\\{", "{\"service_tier\": \"" + tier + "\", ");
    if (!streamed || !runner.equals("openai")) {
      return new Answer(200, named);
    }
    // As the API streams it: the tier in each chunk, the usage in the last.
    String chunk = named.replace("\"message\":", "\"delta\":");
    String begun = chunk.replace("\"usage\":", "\"was\":");
    String end = tier.isEmpty() ? "" : "\"service_tier\": \"" + tier + "\", ";
    return events(
        begun,
        "{" + end + "\"choices\": [{\"index\": 0, \"delta\": {}, \"finish_reason\": \"stop\"}]}",
        "{"
            + end
            + "\"choices\": [], \"usage\": {\"prompt_tokens\": 10, \"completion_tokens\": 5,"
            + " \"total_tokens\": 15}}",
        "[DONE]");
  }

  private static Answer events(String... events) {
    StringBuilder body = new StringBuilder();
    for (String event : events) {
      body.append("data: ").append(event).append("\n\n");
    }
    return new Answer(200, body.toString()).with("Content-Type", "text/event-stream");
  }

  private JsonPath run(
      String runner, String name, Map<String, Object> more, Map<String, Object> settings) {
    Map<String, Object> own = new HashMap<>(more);
    own.put("prompt", "Hello");
    own.put("model", name);
    own.put("base_url", model.url());
    Map<String, Object> bounds = new HashMap<>(settings);
    bounds.put("key", "sk-a-key-for-tests-1234");
    api().delete(TASKS + "/tiered?force=true");
    api()
        .body(Map.of("runner", runner, runner, own, "settings", bounds))
        .put(TASKS + "/tiered")
        .then()
        .statusCode(201);
    trigger("tiered", "r", Map.of()).then().statusCode(201);
    return ended("tiered", "r");
  }
}
