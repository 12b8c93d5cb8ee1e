package dev.errand.models.loop;

import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a task itself allows in tokens and cost holds before a request is sent. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OwnBoundsTest {
  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void noRequestIsSentThatCouldPassACostOfTheTask() {
    // The server bills the longest answer that each request allows, the first one less.
    model.script(
        request ->
            using(
                request.body().path("messages").size() == 1 ? 500 : longest(request),
                call("c" + request.size(), "none", "{}")));
    JsonPath run = LoopRuns.run(model, Map.of("max_cost_usd", 0.1));

    assertEquals("max_cost", run.getString("error.code"), run.prettify());
    assertTrue(
        run.getString("error.message").endsWith("settings.max_cost_usd allows 0.1."),
        run.prettify());
    assertEquals(2, run.getInt("usage.steps"));
    double cost = run.getDouble("usage.cost_usd");
    assertTrue(cost > 0.08 && cost <= 0.1, () -> "cost " + cost);
    assertNull(run.get("usage.unconfirmed_tokens"), run.prettify());
    assertEquals(2, run.getList("results.findAll { it.exchange?.role == 'tool' }").size());
  }

  @Test
  void noRequestIsSentThatCouldPassTheTokensOfATask() {
    model.script(request -> using(longest(request), call("c" + request.size(), "none", "{}")));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 40_000));

    assertEquals("max_tokens", run.getString("error.code"), run.prettify());
    int used = run.getInt("usage.total_tokens");
    assertTrue(used > 25_000 && used <= 40_000, () -> "used " + used);
  }

  @Test
  void anAnswerThatIsLostCountsAsTheMostThatItCouldUse() {
    model.script(
        request ->
            model.requests().size() == 1
                ? say("Done.").thenCut()
                : using(longest(request), say("Done.")));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 40_000));

    assertEquals("ready", run.getString("status"), run.prettify());
    long lost = run.getLong("usage.unconfirmed_tokens");
    assertTrue(lost > 16_384, () -> "lost " + lost);
    assertTrue(lost + run.getLong("usage.total_tokens") <= 40_000, run.prettify());
  }

  @Test
  void aModelOfShorterAnswersIsAskedForThem() {
    model.script(
        request ->
            longest(request) > 4096
                ? error(400, "invalid_request", "max_tokens is too large: at most 4096.")
                : say("Done."));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 100_000));

    assertEquals("ready", run.getString("status"), run.prettify());
    List<Integer> asked = model.requests().stream().map(OwnBoundsTest::longest).toList();
    assertEquals(3, asked.size(), asked.toString());
    assertEquals(asked.getFirst() / 4, asked.getLast(), asked.toString());
    // That is known from now on.
    assertEquals("ready", LoopRuns.run(model, Map.of("max_tokens", 100_000)).getString("status"));
    assertEquals(4, model.requests().size());
  }

  private static int longest(Request request) {
    return Stream.of("max_completion_tokens", "max_output_tokens", "max_tokens")
        .map(request.sent()::path)
        .filter(JsonNode::isNumber)
        .findFirst()
        .map(JsonNode::asInt)
        .orElse(100_000);
  }

  private static Answer using(int answer, Answer of) {
    return RunUsageCountTest.using(
        "{\"prompt_tokens\": 10, \"completion_tokens\": %s}".formatted(answer), of);
  }
}
