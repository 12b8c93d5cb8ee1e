package dev.errand.models.loop;

import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run ends at its bounds, keeps what was done until then, and says beforehand that it will. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunBoundsTest {
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void crossing80PercentOfABoundWarnsOnceWithThatStep() {
    model.script(request -> call("c" + request.size(), "none", "{}"));
    JsonPath run = LoopRuns.run(model, Map.of("max_steps", 6));

    assertEquals("max_steps", run.getString("error.code"), run.prettify());
    assertEquals(
        List.of("80 % of settings.max_steps is used: 5 of 6"),
        run.getList("results.findAll { it.level == 40 }.msg"));
    assertEquals(List.of("max_steps"), run.getList("results.findAll { it.level == 40 }.code"));
    // The prompt, then three entries a step: message, request, result.
    assertEquals("call tool request", run.getString("results[14].msg"), run.prettify());
    assertEquals(40, run.getInt("results[15].level"));
    assertEquals("call tool result", run.getString("results[16].msg"));
  }

  @Test
  void theLastStepOfAReadyRunMayWarnAboutALimit() {
    model.script(request -> using(24_990, say("Done.")));
    JsonPath run = LoopRuns.run(model, Map.of("max_tokens", 30_000));

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(
        List.of("message", "80 % of settings.max_tokens is used: 25000 of 30000", "final message"),
        run.getList("results.msg"));
  }

  private static Answer using(int answer, Answer of) {
    return RunUsageCountTest.using(
        "{\"prompt_tokens\": 10, \"completion_tokens\": %s}".formatted(answer), of);
  }

  @ParameterizedTest
  @CsvSource({
    "max_steps,1001,max-steps",
    "max_tokens,1000000001,max-tokens",
    "max_cost_usd,1000000.5,max-cost-usd",
    "max_tool_calls,61,max-tool-calls",
    "timeout,PT24H1S,timeout",
  })
  void aTaskMayNotAskForMoreThanTheServerAllows(String setting, String value, String ceiling) {
    Object given = setting.equals("timeout") ? value : Double.valueOf(value);
    problem(
            register("greedy", "Hello", model, Map.of("key", LoopRuns.KEY, setting, number(given))),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings." + setting))
        .body("errors[0].message", containsString("errand.run.ceiling." + ceiling));
  }

  @Test
  void aLoweredCeilingAppliesToExistingTasks() throws SQLException {
    String task = "old" + UUID.randomUUID();
    register(task, "Hello", model, Map.of("key", LoopRuns.KEY, "max_tool_calls", 60))
        .then()
        .statusCode(201);
    // As if it had been registered while the ceiling was higher.
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE task SET settings = replace(settings, '\"max_tool_calls\":60',"
                    + " '\"max_tool_calls\":600') WHERE name = ?")) {
      update.setString(1, task);
      assertEquals(1, update.executeUpdate());
    }
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    IntStream.range(0, 61).mapToObj(i -> List.of("c" + i, "none", "{}")).toList())
                : say("Done."));
    trigger(task, "r", Map.of()).then().statusCode(201);
    JsonPath run = ended(task, "r");

    assertEquals("max_tool_calls", run.getString("error.code"), run.prettify());
    assertTrue(
        run.getString("error.message").contains("errand.run.ceiling.max-tool-calls allows 60"),
        run.getString("error.message"));
    assertEquals(1, model.requests().size());
  }

  private static Object number(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? (Object) number.longValue()
        : value;
  }
}
