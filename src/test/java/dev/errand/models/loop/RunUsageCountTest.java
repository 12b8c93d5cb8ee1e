package dev.errand.models.loop;

import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run tells what it has used. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunUsageCountTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void everythingThatTheModelsServerCountsIsSummedUp() {
    String usage =
        """
        {"prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140,
         "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 18, "audio_tokens": 0},
         "completion_tokens_details": {"reasoning_tokens": 30}}""";
    model.script(
        request -> using(usage, request.size() == 1 ? call("c", "none", "{}") : say("Done.")));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(200, run.getInt("usage.prompt_tokens"));
    assertEquals(80, run.getInt("usage.completion_tokens"));
    assertEquals(280, run.getInt("usage.total_tokens"));
    assertEquals(128, run.getInt("usage.cached_tokens"));
    assertEquals(36, run.getInt("usage.cache_write_tokens"));
    assertEquals(60, run.getInt("usage.reasoning_tokens"));
    assertEquals(2, run.getInt("usage.steps"));
    assertEquals(1, run.getInt("usage.tool_calls"));
  }

  @Test
  void theCostOfARunIsShownIfAPriceIsKnown() {
    JsonPath run = LoopRuns.run(model, Map.of());

    // 10 tokens at 2.50 and 5 at 10 dollars a million.
    assertEquals(0.000075, run.getDouble("usage.cost_usd"), 1e-12, run.prettify());
  }

  @Test
  void theCostFromTheProviderWins() {
    String usage = "{\"prompt_tokens\": 10, \"completion_tokens\": 5, \"cost\": 0.0125}";
    model.script(
        request -> using(usage, request.size() == 1 ? call("c", "none", "{}") : say("Done.")));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals(0.025, run.getDouble("usage.cost_usd"), 1e-12, run.prettify());
  }

  @Test
  void usageThatTheServerDoesNotCountHasNoCost() {
    model.script(request -> using("null", say("Done.")));

    assertNull(LoopRuns.run(model, Map.of()).get("usage.cost_usd"));
  }

  /** The answer, with another usage. */
  static Answer using(String usage, Answer answer) {
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(answer.body());
      body.set("usage", JSON.readValue(usage, JsonNode.class));
      return new Answer(200, body.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
