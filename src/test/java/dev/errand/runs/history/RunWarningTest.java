package dev.errand.runs.history;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run tells the codes of its warnings, wherever runs are shown. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunWarningTest {
  private static final String KEY = "sk-a-key-for-tests-1234";
  private static final String RUNS = "/api/profiles/~/default/runs?task=warned";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/warned?force=true");
    model.close();
  }

  @Test
  void aReadyRunWhoseOnlyToolFailedSaysSo() {
    model.script(request -> request.size() == 1 ? call("c", "slack_post", "{}") : say("Posted!"));
    JsonPath run = run("r", Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("tools_failed"), run.getList("warnings"), run.prettify());
    assertEquals(1, run.getInt("usage.tool_calls"));
    assertEquals(1, run.getInt("usage.tool_errors"));
    JsonPath entry = run.setRootPath("results.find { it.code == 'tools_failed' }");
    assertEquals(40, entry.getInt("level"));
    assertTrue(
        entry.getString("msg").startsWith("The only tool call, of slack_post, failed."),
        entry.getString("msg"));
  }

  @Test
  void aRunWithoutWarningsHasNone() {
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\": \"1\"}")
                : say("1"));
    JsonPath run = run("good", Map.of());
    assertEquals(List.of(), run.getList("warnings"), run.prettify());
    assertEquals(0, run.getInt("usage.tool_errors"));

    model.script(request -> say("Nothing to do."));
    assertEquals(List.of(), run("idle", Map.of()).getList("warnings"));
  }

  @Test
  void codesComeOnceInTheOrderOfTheirFirstWarnings() {
    // The bound of 80 % is passed at once, and again after a retry of the run.
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("c1", "none", "{}"),
                        List.of("c2", "none", "{}"),
                        List.of("c3", "none", "{}"),
                        List.of("c4", "none", "{}")))
                : error(401, "invalid_api_key", "No."));
    JsonPath failed = run("r", Map.of("max_tool_calls", 5));
    assertEquals("key_refused", failed.getString("error.code"), failed.prettify());
    assertEquals(List.of("max_tool_calls"), failed.getList("warnings"));
    model.script(request -> say("Done."));
    api().post(TASKS + "/warned/runs/r/retry").then().statusCode(202);

    JsonPath run = ended("warned", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("max_tool_calls", "tools_failed"), run.getList("warnings"));
    assertEquals(4, run.getInt("usage.tool_errors"));
  }

  @Test
  void aTryThatIsRepeatedIsNone() {
    AtomicInteger asked = new AtomicInteger();
    model.script(
        request ->
            asked.incrementAndGet() == 1
                ? error(500, "server_error", "Oh.").with("Retry-After", "0")
                : say("Done."));
    JsonPath run = run("r", Map.of());
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of(), run.getList("warnings"), run.prettify());
  }

  @Test
  void runsAreListedWithTheirWarningsAndFoundByThem() {
    model.script(request -> say("Done."));
    var _ = run("good", Map.of());
    model.script(request -> request.size() == 1 ? call("c", "none", "{}") : say("Done."));
    var _ = run("bad", Map.of());

    api()
        .get(RUNS)
        .then()
        .body("name", equalTo(List.of("bad", "good")))
        .body("warnings", equalTo(List.of(List.of("tools_failed"), List.of())));
    api().get(RUNS + "&warning=tools_failed").then().body("name", equalTo(List.of("bad")));
    api().get(RUNS + "&warning=tools_failed&status=error").then().body("$", equalTo(List.of()));
    api().get(RUNS + "&warning=output_cut").then().body("$", equalTo(List.of()));
    problem(api().get(RUNS + "&warning=No!"), 400, "invalid_input");
    api()
        .get(TASKS + "/warned/runs")
        .then()
        .body("warnings", equalTo(List.of(List.of("tools_failed"), List.of())));
  }

  private JsonPath run(String name, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", KEY);
    register("warned", "Hello", model, all);
    trigger("warned", name, Map.of()).then().statusCode(201);
    return ended("warned", name);
  }
}
