package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failed request to a model is retried, within bounds, and each failed try is recorded. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ModelRetryTest {
  private static final Answer OVERLOADED = error(503, "overloaded", "Too busy.");

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 408, 409, 429, 500, 502, 503, 504, 529})
  void aModelThatFailsIsAskedAgainTheSame(int status) {
    answer(error(status, "rate_limit_exceeded", "Later."), say("At last."));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("At last.", run.getString("output"));
    assertEquals(List.of("message", "final message"), withoutWarnings(run));
    assertEquals(List.of(1), run.getList("results.findAll { it.level == 40 }.try"));
    assertEquals("model_unavailable", run.getString("results[1].code"));
    String told = run.getString("results[1].msg");
    assertTrue(told.startsWith("the model is asked again at once: 127.0.0.1:"), told);
    assertTrue(status == 0 || told.contains(String.valueOf(status)), told);
    assertEquals(2, model.requests().size());
    assertEquals(model.requests().get(0).body(), model.requests().get(1).body());
    assertEquals(1, run.getInt("usage.steps"), "only an answer is a step");
    assertEquals(1, run.getInt("attempt"), "and the run stays with its worker");
  }

  @Test
  void aServerThatSaysSoIsAskedAgainWhateverTheStatus() {
    answer(error(400, "odd", "Once more.").with("x-should-retry", "true"), say("At last."));

    assertEquals("At last.", LoopRuns.run(model, Map.of()).getString("output"));
  }

  @Test
  void aServerThatSaysSoIsNotAskedAgain() {
    answer(error(503, "overloaded", "Too busy.").with("x-should-retry", "false"), say("No."));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertEquals(1, model.requests().size());
  }

  @Test
  void anAnswerThatIsCutOffIsAskedForAgain() {
    answer(new Answer(200, say("A whole").body().substring(0, 60)).thenCut(), say("A whole."));

    assertEquals("A whole.", LoopRuns.run(model, Map.of()).getString("output"));
    assertEquals(2, model.requests().size());
  }

  @Test
  void invalidCompletionsAreRetried() {
    answer(new Answer(200, "<html>One moment…</html>"), say("Here I am."));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("Here I am.", run.getString("output"), run.prettify());
    assertEquals("model_answer_invalid", run.getString("results[1].code"));
  }

  @Test
  void theLastTryEndsTheRunAndSaysHowManyThereWere() {
    model.script(request -> OVERLOADED);
    JsonPath run = LoopRuns.run(model, Map.of("max_attempts", 4));

    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertEquals(
        URI.create(model.url()).getAuthority()
            + " failed (status 503). It said: Too busy. It was asked 4 times;"
            + " settings.max_attempts allows no more.",
        run.getString("error.message"));
    assertEquals(4, model.requests().size());
    assertEquals(List.of(1, 2, 3), run.getList("results.findAll { it.level == 40 }.try"));
    assertEquals(0, run.getInt("usage.steps"));
  }

  @Test
  void everyStepHasAllItsTries() {
    answer(OVERLOADED, call("c", "none", "{}"), OVERLOADED, say("Done."));
    JsonPath run = LoopRuns.run(model, Map.of("max_attempts", 2));

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of(1, 1), run.getList("results.findAll { it.try }.try"));
    assertEquals(2, run.getInt("usage.steps"));
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error",
    "401,invalid_api_key",
    "403,forbidden",
    "404,model_not_found",
    "429,insufficient_quota",
  })
  void permanentErrorsAreFinal(int status, String code) {
    model.script(request -> error(status, code, "No.").with("Retry-After", "0"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("error", run.getString("status"), run.prettify());
    assertEquals(1, model.requests().size());
    assertEquals(List.of("message", "run failed"), run.getList("results.msg"));
  }

  @Test
  void aServerThatSaysWhenIsAskedThen() {
    answer(OVERLOADED.with("Retry-After", "3600").with("retry-after-ms", "40"), say("Done."));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(1, run.getInt("attempt"));
  }

  @Test
  void aServerThatWantsMoreTimeThanTheRunHasIsNotWaitedFor() {
    model.script(request -> OVERLOADED.with("Retry-After", "600"));
    JsonPath run = LoopRuns.run(model, Map.of("timeout", "PT9M"));

    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    String told = run.getString("error.message");
    assertTrue(told.contains("asked once") && told.contains("settings.timeout"), told);
    assertEquals(1, model.requests().size());
  }

  @Test
  void aServerThatWantsALotOfTimeFreesTheWorker() {
    String task = "patient";
    model.script(request -> OVERLOADED.with("Retry-After", "600"));
    register(task, "Hello", model, Map.of("key", LoopRuns.KEY, "timeout", "PT1H"));
    trigger(task, "r", Map.of()).then().statusCode(201);
    JsonPath run = look(task);
    while (!run.getString("status").equals("pending") || run.getList("results").size() == 1) {
      Thread.onSpinWait();
      run = look(task);
    }

    assertEquals("model_unavailable", run.getString("results[1].code"), run.prettify());
    assertEquals(1, run.getInt("results[1].try"));
    assertTrue(run.getString("results[1].msg").startsWith("the model is asked again in 600."));
    assertTrue(
        run.getString("scheduled_at").compareTo(run.getString("modified_at")) > 0, run.prettify());
    assertNull(run.getString("error"));
    api().delete(TASKS + "/" + task + "?force=true").then().statusCode(204);
  }

  @Test
  void anAddressThatMayNotBeCalledIsNotCalledAgain() throws SQLException {
    String task = "inside" + UUID.randomUUID();
    register(task, "Hello", model).then().statusCode(201);
    // As if the operator had forbidden it only after the task was registered. Its key would not
    // open for that server.
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE task SET runner_settings = replace(runner_settings, '127.0.0.1',"
                    + " '127.0.0.9'), key_sealed = NULL, key_hint = NULL, key_url = NULL"
                    + " WHERE name = ?")) {
      update.setString(1, task);
      assertEquals(1, update.executeUpdate());
    }
    trigger(task, "r", Map.of()).then().statusCode(201);
    JsonPath run = ended(task, "r");

    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("errand.egress.allow"), run.prettify());
    assertEquals(List.of("message", "run failed"), run.getList("results.msg"));
    assertFalse(run.prettify().contains("asked again"));
  }

  private void answer(Answer... answers) {
    Queue<Answer> left = new ArrayDeque<>(List.of(answers));
    model.script(request -> left.remove());
  }

  private static List<String> withoutWarnings(JsonPath run) {
    return run.getList("results.findAll { it.level < 40 }.msg");
  }

  private static JsonPath look(String task) {
    return api().get(TASKS + "/" + task + "/runs/r").jsonPath();
  }
}
