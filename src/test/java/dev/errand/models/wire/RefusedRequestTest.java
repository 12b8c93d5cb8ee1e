package dev.errand.models.wire;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a run and a check of a provider say of a server that refuses, or whose answer breaks off.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RefusedRequestTest {
  private static final String KEY = "sk-refused-9fQ2xYz7Lm4Pq8Rt";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  private JsonPath run(Map<String, Object> ofRunner) {
    String task = "refused" + UUID.randomUUID();
    api()
        .body(Api.task(ofRunner, Map.of("key", KEY, "max_attempts", 1)))
        .put(Api.TASKS + "/" + task)
        .then()
        .statusCode(201);
    trigger(task, "r", Map.of()).then().statusCode(201);
    return ended(task, "r");
  }

  private JsonPath run() {
    return run(Map.of("prompt", "Go.", "model", "gpt-4o", "base_url", model.url()));
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void theVendorsWordsAreKept(int status) {
    model.script(
        request -> ScriptedModel.error(status, "unsupported", "Country not supported. Key " + KEY));
    JsonPath run = run();
    String message = run.getString("error.message");
    assertEquals("key_refused", run.getString("error.code"));
    assertTrue(message.contains("It said: Country not supported. Key …"), message);
    assertTrue(message.contains("(status " + status + ")"), message);
    assertEquals(status == 401, message.contains("put a valid one"), message);
    assertFalse(run.prettify().contains(KEY), run::prettify);
    assertFalse(run.getBoolean("error.retryable"), run::prettify);
  }

  @Test
  void soAreThoseOfAProvidersCheck() {
    model.catalog(
        request -> ScriptedModel.error(403, "unsupported", "Country not supported. Key " + KEY));
    String path = "/api/users/~/providers/refused";
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "gpt-4o", "base_url", model.url()),
                "settings",
                Map.of("key", KEY)))
        .put(path)
        .then()
        .statusCode(201);
    JsonPath check = api().post(path + "/check").then().statusCode(200).extract().jsonPath();
    String message = check.getString("message");
    assertTrue(message.endsWith("It said: Country not supported. Key …"), message);
    api().delete(path).then().statusCode(204);
  }

  @Test
  void anAnswerThatIsCutInTheMiddleBrokeOff() {
    model.script(request -> new Answer(200, ScriptedModel.say("Half").body()).thenCut());
    String whole = run().getString("error.message");
    assertTrue(whole.contains("broke off in the middle"), whole);
    model.script(
        request ->
            Answer.stream(
                    out -> {
                      out.write(
                          "data: {\"choices\": [{\"delta\": {\"content\": \"Half\"}}]}\n\n"
                              .getBytes(StandardCharsets.UTF_8));
                      out.flush();
                    })
                .thenCut());
    JsonPath run =
        run(Map.of("prompt", "Go.", "model", "gpt-4o", "base_url", model.url(), "stream", true));
    String streamed = run.getString("error.message");
    assertEquals("model_unavailable", run.getString("error.code"));
    assertTrue(run.getBoolean("error.retryable"), run::prettify);
    assertTrue(streamed.contains("broke off in the middle"), streamed);
    assertFalse(streamed.contains("could not be reached"), streamed);
    model.script(request -> new Answer(0, ""));
    String unreachable = run().getString("error.message");
    assertTrue(unreachable.contains("could not be reached"), unreachable);
  }
}
