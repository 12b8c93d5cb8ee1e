package dev.errand.models.loop;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of tasks with {@code settings.expect}, from the request to their end. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ExpectedRunTest {
  private static final String TASK = TASKS + "/expected";
  private static final String RIGHT = "{\"expression\":\"1+1\"}";
  private static final String WRONG = "{\"expression\":\"1+\"}";
  private static final Map<String, Object> ONE_CALL = Map.of("tools", Map.of("calc_calculate", 1));

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  private void aTask(Map<String, Object> expect) {
    aTask(expect, Map.of());
  }

  private void aTask(Map<String, Object> expect, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", LoopRuns.KEY);
    settings.put("expect", expect);
    register("expected", "Hello", model, settings).then().statusCode(201);
  }

  private static JsonPath run(String name) {
    trigger("expected", name, Map.of()).then().statusCode(201);
    return ended("expected", name);
  }

  private static String failed(JsonPath run) {
    assertEquals("error", run.getString("status"), run.prettify());
    assertEquals("expectation_failed", run.getString("error.code"), run.prettify());
    return run.getString("error.message");
  }

  @Test
  void aRunThatCalledTheToolIsReady() {
    aTask(ONE_CALL);
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", RIGHT) : say("It is 2."));
    JsonPath run = run("r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("It is 2.", run.getString("output"));
  }

  @Test
  void aRunThatDidNotCallTheToolFails() {
    aTask(ONE_CALL);
    model.script(request -> say("It is 2, I promise."));
    JsonPath run = run("r");
    assertEquals(
        "The run did not do what its task expects: calc_calculate had 0 of 1 successful calls"
            + " (settings.expect.tools)",
        failed(run));
    assertNull(run.get("output"));
    // The message is kept, and the run's end says why.
    assertEquals("It is 2, I promise.", run.getString("results[1].exchange.content"));
    assertEquals("expectation_failed", run.getString("results[2].code"));
    assertEquals(1, run.getInt("usage.steps"));
  }

  @Test
  void aCallThatFailedDoesNotCount() {
    aTask(ONE_CALL);
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", WRONG) : say("Done."));
    assertTrue(
        failed(run("r")).contains("calc_calculate had 0 of 1 successful calls, and 1 that failed"));
  }

  @Test
  void callsOfSeveralMessagesCountTogetherAlsoUnderTheSameId() {
    aTask(Map.of("tools", Map.of("calc_calculate", 3)));
    model.script(
        request ->
            switch (request.size()) {
              case 1 ->
                  calls(
                      List.of(
                          List.of("a", "calc_calculate", RIGHT),
                          List.of("b", "calc_calculate", WRONG)));
              case 4 -> call("a", "calc_calculate", RIGHT);
              case 6 -> call("a", "calc_calculate", RIGHT);
              default -> say("Done.");
            });
    assertEquals("ready", run("r").getString("status"));
  }

  @Test
  void aToolThatTheRunDoesNotHaveIsNamed() {
    aTask(Map.of("tools", Map.of("slack_post", 1), "when", "output == 'Posted.'"));
    model.script(request -> say("Posted!"));
    assertEquals(
        "The run did not do what its task expects: slack_post had 0 of 1 successful calls, and the"
            + " run has no such tool (settings.expect.tools); settings.expect.when is false:"
            + " output == 'Posted.'",
        failed(run("r")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "output.contains('Oslo') && result.people > 600000",
        "result.name == 'Oslo' && usage.steps == 1 && usage.tool_calls == 0",
        "warnings == [] && has(usage.total_tokens)",
        "usage.total_tokens < 1000 && !('max_steps' in warnings)"
      })
  void aConditionMayReadOutputResultUsageAndWarnings(String when) {
    aTask(
        Map.of("when", when),
        Map.of("output_schema", Map.of("type", "object"), "max_cost_usd", 0.5));
    model.script(request -> say("{\"name\": \"Oslo\", \"people\": 700000}"));
    JsonPath run = run("r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("Oslo", run.getString("result.name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          size(output) > 100            | settings.expect.when is false: size(output) > 100
          result.people > 1             | settings.expect.when can't be evaluated, because
          usage.no_such > 1             | no_such
          usage[output] == 1            | because a key that it looks up is absent: usage[output]
          """)
  void aConditionThatIsNotTrueFailsTheRun(String when, String said) {
    aTask(Map.of("when", when));
    model.script(request -> say("Short."));
    String message = failed(run("r"));
    assertTrue(message.contains(said), message);
    assertTrue(message.endsWith(when), message);
  }

  @Test
  void warningsOfTheRunCanBeRefused() {
    aTask(Map.of("when", "!('max_steps' in warnings)"), Map.of("max_steps", 6));
    model.script(request -> request.size() < 9 ? call("c", "calc_calculate", RIGHT) : say("Done."));
    assertTrue(failed(run("r")).contains("settings.expect.when is false"));
  }

  @Test
  void aResultThatDoesNotFitIsOutputInvalid() {
    aTask(ONE_CALL, Map.of("output_schema", Map.of("type", "integer"), "output_repairs", 0));
    model.script(request -> say("two"));
    assertEquals("output_invalid", run("r").getString("error.code"));
  }

  @Test
  void aRetryAsksAnewAndCountsWhatWasDone() {
    aTask(Map.of("tools", Map.of("calc_calculate", 2)));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", RIGHT) : say("Done."));
    assertTrue(failed(run("r")).contains("1 of 2"));
    model.requests().clear();
    model.script(
        request -> request.size() == 3 ? call("d", "calc_calculate", RIGHT) : say("Now done."));
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    JsonPath run = ended("expected", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("Now done.", run.getString("output"));
    assertEquals(3, model.requests().getFirst().size(), "without the message that ended the run");
  }

  @Test
  void warningsOfBeforeARetryDoNotCount() {
    aTask(Map.of("when", "!('output_cut' in warnings)"));
    model.script(
        request ->
            new ScriptedModel.Answer(
                200,
                """
                {"choices": [{"index": 0, "finish_reason": "length",
                  "message": {"role": "assistant", "content": "It is"}}]}"""));
    assertTrue(failed(run("r")).contains("settings.expect.when is false"));
    model.script(request -> say("It is 2."));
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    JsonPath run = ended("expected", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(run.getList("warnings").contains("output_cut"), "the run still shows it");
  }

  @Test
  void whatIsExpectedIsFixedAtTheStart() {
    aTask(ONE_CALL);
    model.script(
        request -> {
          api().body("{\"settings\": {\"expect\": null}}").patch(TASK).then().statusCode(200);
          return say("Done.");
        });
    failed(run("r"));
    model.script(request -> say("Done."));
    assertEquals("ready", run("later").getString("status"));
  }
}
