package dev.errand.runs.history;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.models.port.Usage;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run tells what it used from its beginning on, and it is counted once whatever ends it has. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunUsageTest {
  @Inject ObjectMapper json;

  @Test
  void aPendingRunShowsItsUsageInTheSameFields()
      throws InterruptedException, JsonProcessingException {
    try (SilentModel model = new SilentModel()) {
      register(
              "waits",
              "Hello",
              model.url(),
              Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 1))
          .then()
          .statusCode(201);
      trigger("waits", "first", Map.of());
      assertTrue(model.awaitRequest());
      String none = json.writeValueAsString(Usage.NONE);
      JsonPath triggered = trigger("waits", "second", Map.of()).jsonPath();
      assertEquals("pending", triggered.getString("status"));
      assertEquals(new JsonPath(none).getMap("$"), triggered.getMap("usage"));
      String seen = api().get(TASKS + "/waits/runs/second").asString();
      assertTrue(seen.contains("\"usage\":" + none), seen);
    } finally {
      api().delete(TASKS + "/waits?force=true");
    }
  }

  @Test
  void theUsageBeforeARetryIsCountedOnce() {
    LocalDate begun = LocalDate.now(ZoneOffset.UTC);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() < 4 ? call("c" + request.size(), "none", "{}") : say("Enough."));
      register("counted", "Hello", model, Map.of("key", "sk-a-key-for-tests-1234", "max_steps", 1))
          .then()
          .statusCode(201);
      trigger("counted", "r", Map.of());
      JsonPath failed = ended("counted", "r");
      assertEquals("max_steps", failed.getString("error.code"), failed.prettify());
      assertUsage(begun, failed, 0, 1);

      register("counted", "Hello", model, Map.of("max_steps", 5)).then().statusCode(200);
      api().post(TASKS + "/counted/runs/r/retry").then().statusCode(202);
      JsonPath ready = ended("counted", "r");
      assertEquals("ready", ready.getString("status"), ready.prettify());
      assertEquals(3, ready.getInt("usage.steps"));
      assertEquals(3, model.requests().size());
      assertUsage(begun, ready, 1, 1);
    } finally {
      api().delete(TASKS + "/counted?force=true");
    }
  }

  private static void assertUsage(LocalDate from, JsonPath run, int ready, int error) {
    JsonPath usage =
        api()
            .get(TASKS + "/counted/usage?from=" + from)
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    assertEquals(ready, usage.getInt("total.runs_ready"));
    assertEquals(error, usage.getInt("total.runs_error"));
    for (String what : new String[] {"total_tokens", "prompt_tokens", "steps", "tool_calls"}) {
      assertEquals(run.getInt("usage." + what), usage.getInt("total." + what), what);
    }
  }
}
