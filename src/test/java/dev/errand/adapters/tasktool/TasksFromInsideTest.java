package dev.errand.adapters.tasktool;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run uses the tasks of its own profile by the servlet that is there for it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TasksFromInsideTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  private static final String YEARLY =
      "{\"task\": \"made\", \"schedule\": \"sc\", \"cron\": \"0 0 1 1 *\"}";
  private static final String DAILY =
      "{\"task\": \"made\", \"schedule\": \"sc\", \"every\": \"PT24H\"}";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  // It is in no profile that did not ask for it: the name is free.
  @BeforeEach
  void install() {
    api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void uninstall() {
    api().delete(INSTALLATIONS + "/tasks").then().statusCode(204);
    for (String task : List.of("begins", "made", "persons", "chain")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    model.close();
  }

  @Test
  void aRunCreatesATaskRunsItAwaitsItAndSchedulesIt() {
    model.script(
        request -> {
          if (!request.body().path("messages").path(0).path("content").asText().equals("Begin")) {
            return say("I was asked: " + request.lastMessage().path("content").asText());
          }
          return switch (request.size()) {
            case 1 ->
                call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Greet {{ name }}\"}");
            case 3 ->
                call(
                    "b",
                    "tasks_run",
                    "{\"task\": \"made\", \"run\": \"one\", \"parameters\": {\"name\": \"Ada\"}}");
            case 5 -> call("c", "tasks_wait", "{\"task\": \"made\", \"run\": \"one\"}");
            case 7 ->
                call(
                    "d",
                    "tasks_schedule",
                    "{\"task\": \"made\", \"schedule\": \"daily\", \"cron\": \"@daily\","
                        + " \"parameters\": {\"name\": \"Bob\"}}");
            case 9 -> call("e", "tasks_list", "{}");
            default -> say(request.lastMessage().path("content").asText());
          };
        });
    JsonPath run = begin("r");
    assertFalse(run.getList("results.is_error").contains(true), run.prettify());
    List<Map<String, Object>> listed = JsonPath.from(run.getString("output")).getList("$");
    assertTrue(
        listed.contains(
            Map.of(
                "task", "made", "prompt", "Greet {{ name }}", "model", "gpt-4o", "enabled", true)),
        run.prettify());

    JsonPath made = ended("made", "one");
    assertEquals("I was asked: Greet Ada", made.getString("output"));
    assertEquals(1, made.getInt("depth"));
    assertEquals(Map.of("kind", "run", "task", "begins", "run", "r"), made.getMap("trigger"));
    JsonPath schedule = api().get(TASKS + "/made/schedules/daily").jsonPath();
    assertEquals("@daily", schedule.getString("cron"));
    assertEquals(5, schedule.getList("next").size());
    JsonPath audit = api().get("/api/audit?limit=2&object=tasks/admin/default/made").jsonPath();
    assertEquals(List.of("schedule.created", "task.created"), audit.getList("action"));
    assertEquals(
        Map.of("user", "admin", "client", "run admin/default/begins/r"), audit.getMap("[0].actor"));
    // The key is the maker's, and goes to the maker's server alone.
    assertTrue(
        model.requests().stream()
            .allMatch(request -> request.authorization().equals("Bearer sk-a-key-for-tests-1234")));
  }

  @Test
  void aTaskThatARunCreatesExpectsTheSameOfItsRuns() {
    model.script(
        request ->
            request.body().path("messages").path(0).path("content").asText().equals("Begin")
                ? request.size() == 1
                    ? call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Post it\"}")
                    : say("true")
                : say("Posted."));
    Map<String, Object> settings =
        Map.of(
            "key",
            "sk-a-key-for-tests-1234",
            "output_schema",
            Map.of("type", "boolean"),
            "expect",
            Map.of("tools", Map.of("tasks_create", 1), "when", "size(output) > 2 && result"));
    register("begins", "Begin", model, settings).then().statusCode(201);
    trigger("begins", "r", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("begins", "r").getString("status"));
    // Its answers have no schema, so the condition on them is left out.
    api()
        .get(TASKS + "/made")
        .then()
        .body("settings.expect", equalTo(Map.of("tools", Map.of("tasks_create", 1))));
    trigger("made", "m", Map.of()).then().statusCode(201);
    assertEquals("expectation_failed", ended("made", "m").getString("error.code"));
  }

  @Test
  void aTaskThatARunCreatesAsksAsItsMakerDoes() {
    model.script(
        request ->
            request.size() == 1
                ? call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Post it\"}")
                : say("Done."));
    Map<String, Object> rules = Map.of("calc_calculate", "always");
    register(
            "begins",
            "Begin",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "tools",
                List.of("tasks_create", "calc_calculate", "calc_other"),
                "approvals",
                rules,
                "approval_deadline",
                "PT2H",
                "approval_expiry",
                "fail"))
        .then()
        .statusCode(201);
    trigger("begins", "r", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("begins", "r").getString("status"));
    api()
        .get(TASKS + "/made")
        .then()
        .body("settings.approvals", equalTo(rules))
        .body("settings.tools", equalTo(List.of("tasks_create", "calc_calculate", "calc_other")))
        .body("settings.approval_deadline", equalTo("PT2H"))
        .body("settings.approval_expiry", equalTo("fail"));
    // What it asks for stays when a run of a task that asks for less makes it anew.
    register(
            "begins",
            "Begin",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "tools",
                List.of("fetch_fetch", "calc_other", "tasks_create"),
                "approvals",
                Map.of("calc_other", "always")))
        .then()
        .statusCode(lessThan(300));
    trigger("begins", "again", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("begins", "again").getString("status"));
    api()
        .get(TASKS + "/made")
        .then()
        .body(
            "settings.approvals",
            equalTo(Map.of("calc_calculate", "always", "calc_other", "always")))
        // Nor does it get a tool of another task.
        .body("settings.tools", equalTo(List.of("calc_other", "tasks_create")))
        .body("settings.approval_deadline", equalTo("PT2H"))
        .body("settings.approval_expiry", equalTo("fail"));
    register("begins", "Begin", model, Map.of("key", "sk-a-key-for-tests-1234"))
        .then()
        .statusCode(lessThan(300));
    trigger("begins", "thrice", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("begins", "thrice").getString("status"));
    api()
        .get(TASKS + "/made")
        .then()
        .body("settings.tools", equalTo(List.of("calc_other", "tasks_create")));
  }

  @Test
  void aRunIsToldThatTheOneItWaitsForWaitsForAPerson() {
    model.script(
        request -> {
          if (request.body().path("messages").path(0).path("content").asText().equals("Ask")) {
            return call("c", "calc_calculate", "{\"expression\": \"1+1\"}");
          }
          String last = request.lastMessage().path("content").asText();
          if (request.size() == 1) {
            return call("a", "tasks_run", "{\"task\": \"persons\", \"run\": \"asks\"}");
          }
          return last.contains("waiting_for")
              ? say(last)
              : call(
                  "b" + request.size(),
                  "tasks_wait",
                  "{\"task\": \"persons\", \"run\": \"asks\", \"seconds\": 1}");
        });
    register(
            "persons",
            "Ask",
            model,
            Map.of(
                "key", "sk-a-key-for-tests-1234", "approvals", Map.of("calc_calculate", "always")))
        .then()
        .statusCode(201);
    JsonPath told = JsonPath.from(begin("r").getString("output"));
    JsonPath waiting = api().get(TASKS + "/persons/runs/asks").jsonPath();
    assertEquals("pending", told.getString("status"));
    assertEquals("approval", told.getString("waiting_for.kind"));
    assertEquals(waiting.getString("waiting_for.until"), told.getString("waiting_for.until"));
    assertEquals(
        "/console/admin/default/approvals/" + waiting.getString("waiting_for.approvals[0]"),
        told.getString("waiting_for.url"));
    assertTrue(told.getString("waiting_for.note").contains("a path under the address of Errand"));
  }

  @Test
  void aCallThatIsMadeAgainStartsNothingTwice() {
    model.script(
        request ->
            // As it is after a crash before the result was written: the same call once more.
            request.body().path("messages").path(0).path("content").asText().equals("Begin")
                    && request.size() < 5
                ? call("a", "tasks_run", "{\"task\": \"persons\"}")
                : say("Done."));
    register("persons", "Hello", model).then().statusCode(201);
    begin("r");
    List<String> names = api().get(TASKS + "/persons/runs").jsonPath().getList("name");
    assertEquals(1, names.size(), names.toString());
    ended("persons", names.getFirst());
  }

  @Test
  void aModelThatGivesTwoCallsOneIdStartsTwoRuns() {
    model.script(
        request ->
            request.body().path("messages").path(0).path("content").asText().equals("Begin")
                    && request.size() < 5
                ? call(
                    "a",
                    "tasks_run",
                    "{\"task\": \"persons\", \"parameters\": {\"n\": " + request.size() + "}}")
                : say("Done."));
    register("persons", "Hello", model).then().statusCode(201);
    begin("r");
    List<String> names = api().get(TASKS + "/persons/runs").jsonPath().getList("name");
    assertEquals(2, names.size(), names.toString());
    names.forEach(name -> ended("persons", name));
  }

  @Test
  void aRunReplacesNoTaskAndNoScheduleOfAPerson() {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_create", "{\"task\": \"persons\", \"prompt\": \"Mine\"}");
              case 3 ->
                  call(
                      "b",
                      "tasks_schedule",
                      "{\"task\": \"persons\", \"schedule\": \"yearly\", \"every\": \"PT1S\"}");
              default -> say("Done.");
            });
    register("persons", "Hello", model).then().statusCode(201);
    api().body(Map.of("cron", "@yearly")).put(TASKS + "/persons/schedules/yearly");
    JsonPath run = begin("r");
    assertEquals(List.of(true, true), errors(run), run.prettify());
    assertEquals("Hello", api().get(TASKS + "/persons").jsonPath().getString("openai.prompt"));
    assertEquals(
        "@yearly", api().get(TASKS + "/persons/schedules/yearly").jsonPath().getString("cron"));
  }

  @Test
  void aRunCanNotRevertAPersonsChangeOfItsSchedule() {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Mine\"}");
              case 3 -> call("b", "tasks_schedule", YEARLY);
              case 5 -> call("c", "tasks_schedule", DAILY);
              default -> say("Done.");
            });
    JsonPath first = begin("first");
    assertEquals(List.of(false, false, false), errors(first), first.prettify());
    api()
        .body(Map.of("cron", "0 0 1 1 *", "enabled", false))
        .put(TASKS + "/made/schedules/sc")
        .then()
        .statusCode(200);

    model.script(
        request -> request.size() == 1 ? call("a", "tasks_schedule", DAILY) : say("Done."));
    JsonPath second = begin("second");
    assertEquals(List.of(true), errors(second), second.prettify());
    JsonPath schedule = api().get(TASKS + "/made/schedules/sc").jsonPath();
    assertFalse(schedule.getBoolean("enabled"), schedule.prettify());
    assertEquals("0 0 1 1 *", schedule.getString("cron"));
  }

  @Test
  void noRunCanResumeAScheduleThatPausedItself() throws SQLException {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Mine\"}");
              case 3 -> call("b", "tasks_schedule", YEARLY);
              default -> say("Done.");
            });
    begin("first");
    try (Connection connection = database.getConnection();
        Statement pause = connection.createStatement()) {
      pause.executeUpdate(
          "UPDATE schedule SET paused_at = now(), paused_reason = 'It failed.', due_at = NULL"
              + " WHERE name = 'sc'");
    }

    model.script(
        request -> request.size() == 1 ? call("a", "tasks_schedule", DAILY) : say("Done."));
    JsonPath second = begin("second");
    String told = second.getString("results.find { it.is_error }.exchange.content");
    assertTrue(told.contains("only a person may resume it"), second.prettify());
    assertEquals(
        "It failed.",
        api().get(TASKS + "/made/schedules/sc").jsonPath().getString("paused_reason"));
  }

  @Test
  void runsThatStartRunsComeToAnEnd() {
    model.script(
        request ->
            request.size() == 1
                ? call("a", "tasks_run", "{\"task\": \"chain\"}")
                : say(request.lastMessage().path("content").asText()));
    register("chain", "Go on", model).then().statusCode(201);
    trigger("chain", "first", Map.of()).then().statusCode(201);
    String run = "first";
    for (int depth = 0; depth < 5; depth++) {
      JsonPath ended = ended("chain", run);
      assertEquals(depth, ended.getInt("depth"));
      run = JsonPath.from(ended.getString("output")).getString("run");
    }
    JsonPath last = ended("chain", run);
    assertEquals(5, last.getInt("depth"));
    assertTrue(last.getString("output").contains("5 levels deep"), last.prettify());
    assertEquals(6, api().get(TASKS + "/chain/runs").jsonPath().getList("$").size());
  }

  @Test
  void aTaskThatIsDisabledAndAProfileThatIsPausedAreStartedByNoRun() {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_run", "{\"task\": \"persons\"}");
              case 3 -> {
                api().put("/api/profiles/~/default/pause").then().statusCode(200);
                yield call("b", "tasks_run", "{\"task\": \"begins\"}");
              }
              default -> say("Done.");
            });
    register("persons", "Hello", model).then().statusCode(201);
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "Hello", "model", "gpt-4o", "base_url", model.url()),
                "enabled",
                false))
        .put(TASKS + "/persons")
        .then()
        .statusCode(200);
    try {
      JsonPath run = begin("r");
      List<String> told = run.getList("results.findAll { it.is_error }.exchange.content");
      assertEquals(2, told.size(), run.prettify());
      assertTrue(told.get(0).contains("The task persons is disabled"), told.toString());
      assertTrue(told.get(1).contains("The profile default is paused"), told.toString());
    } finally {
      api().delete("/api/profiles/~/default/pause").then().statusCode(204);
    }
    assertEquals(List.of(), api().get(TASKS + "/persons/runs").jsonPath().getList("$"));
  }

  @Test
  void aTaskThatARunMakesHasTheProviderOfItsMaker() {
    String provider = "/api/users/~/providers/lent";
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "gpt-4.1", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-that-is-lent-4444")))
        .put(provider)
        .then()
        .statusCode(201);
    api()
        .body(Map.of("provider", "~/lent", "openai", Map.of("prompt", "Begin")))
        .put(TASKS + "/begins")
        .then()
        .statusCode(201);
    model.script(
        request ->
            request.size() == 1 && request.lastMessage().path("content").asText().equals("Begin")
                ? call("a", "tasks_create", "{\"task\": \"made\", \"prompt\": \"Hello\"}")
                : say("Done."));
    trigger("begins", "by-provider", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("begins", "by-provider").getString("status"));
    api()
        .get(TASKS + "/made")
        .then()
        .statusCode(200)
        .body("provider", equalTo("admin/lent"))
        .body("openai", equalTo(Map.of("prompt", "Hello")))
        .body("settings.key_hint", nullValue());
    trigger("made", "by-provider", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("made", "by-provider").getString("status"));
    assertTrue(
        model.requests().stream()
            .allMatch(
                request -> request.authorization().equals("Bearer sk-a-key-that-is-lent-4444")));
    assertEquals(409, api().delete(provider).statusCode());
    api().delete(TASKS + "/begins?force=true").then().statusCode(204);
    api().delete(TASKS + "/made?force=true").then().statusCode(204);
    api().delete(provider).then().statusCode(204);
  }

  @Test
  void theModelLearnsWhatIsWrongWithACall() {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "tasks_run", "{}");
              case 3 -> call("b", "tasks_wait", "{\"task\": \"begins\", \"run\": \"none\"}");
              case 5 ->
                  call(
                      "c", "tasks_wait", "{\"task\": \"begins\", \"run\": \"r\", \"seconds\": 11}");
              case 7 -> call("d", "tasks_run", "{\"task\": \"begins\", \"run\": \"daily@noon\"}");
              case 9 -> call("e", "tasks_create", "{\"task\": \"made\", \"prompt\": \"{{#x}}\"}");
              case 11 ->
                  call(
                      "f",
                      "tasks_schedule",
                      "{\"task\": \"begins\", \"schedule\": \"s\", \"cron\": \"0 0 31 2 *\"}");
              case 13 -> call("g", "tasks_run", "{\"task\": \"begins\", \"profile\": \"x\"}");
              default -> say("Done.");
            });
    JsonPath run = begin("r");
    assertEquals(List.of(true, true, true, true, true, true, true), errors(run), run.prettify());
    List<String> told = run.getList("results.findAll { it.is_error }.exchange.content");
    assertTrue(told.get(0).contains("task: is required"), told.toString());
    assertTrue(told.get(1).contains("has no run none"), told.toString());
    assertTrue(told.get(2).contains("between 0 and 10"), told.toString());
    assertTrue(told.get(3).contains("are reserved for the runs of schedules"), told.toString());
    assertTrue(told.get(6).contains("Unknown arguments: profile"), told.toString());
  }

  @Test
  void aPersonListsTheTasksThroughItButLendsItNoKey() {
    String listed = api().body("{}").post(INSTALLATIONS + "/tasks/tools/list").asString();
    assertTrue(listed.contains("\"isError\":false"), listed);
    String created =
        api()
            .body(Map.of("task", "made", "prompt", "x"))
            .post(INSTALLATIONS + "/tasks/tools/create")
            .asString();
    assertTrue(created.contains("\"isError\":true"), created);
    assertTrue(created.contains("only a run can create a task"), created);
    // Whoever may call tools may not make schedules, and what a run does is the owner's.
    String scheduled =
        api()
            .body(Map.of("task", "any", "schedule", "s", "cron", "@daily"))
            .post(INSTALLATIONS + "/tasks/tools/schedule")
            .asString();
    assertTrue(scheduled.contains("only a run can create a schedule"), scheduled);
  }

  /** Runs the task {@code begins}, whose prompt is {@code Begin}, to its end. */
  private JsonPath begin(String run) {
    register("begins", "Begin", model).then().statusCode(lessThan(300));
    trigger("begins", run, Map.of()).then().statusCode(201);
    JsonPath ended = ended("begins", run);
    assertEquals("ready", ended.getString("status"), ended.prettify());
    return ended;
  }

  private static List<Boolean> errors(JsonPath run) {
    return run.getList("results.findAll { it.msg == 'call tool result' }.is_error");
  }
}
