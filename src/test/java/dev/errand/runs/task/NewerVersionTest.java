package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a newer version stores in a task is kept and shown by this one, and lost by no change. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NewerVersionTest {
  private static final String TASK = TASKS + "/newer";
  private static final String PROVIDER = "/api/profiles/~/default/providers/newer";
  private static final String OF_ABACUS =
      "{\"prompt\":\"Count {{ what }}\",\"model\":\"m\",\"beads\":[1,2.50],\"base_url\":\"http://127.0.0.1:9/v9\"}";

  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("newer", "Hello", model).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    api().delete(PROVIDER);
    model.close();
  }

  private void store(String runner, String settings) {
    sql.statement(
            "UPDATE task SET runner = :runner, runner_settings = :settings"
                + " WHERE name = 'newer' AND deleted_at IS NULL")
        .with("runner", runner)
        .with("settings", settings)
        .run();
  }

  private String stored(String column) {
    return sql.statement(
            "SELECT " + column + " FROM task WHERE name = 'newer' AND deleted_at IS NULL")
        .one(row -> row.text(column));
  }

  @Test
  void aTaskOfAnUnknownRunnerIsListedAndShownRaw() {
    store("abacus", OF_ABACUS);
    api().get(TASKS).then().statusCode(200).body("name", hasItem("newer"));
    api()
        .get(TASK)
        .then()
        .statusCode(200)
        .body("runner", equalTo("abacus"))
        .body("abacus.beads.size()", equalTo(2))
        .body("abacus.base_url", equalTo("http://127.0.0.1:9/v9"));
    assertTrue(api().get(TASK).asString().contains("\"abacus\":" + OF_ABACUS));
    api().get("/console/admin/default/tasks").then().statusCode(200);
    api().get("/console/admin/default/tasks/newer").then().statusCode(200);
    api().get("/console/admin/default/tasks/newer/edit").then().statusCode(200);
    problem(
            api().body("{\"parameters\": {\"what\": \"x\"}}").post(TASK + "/preview"),
            503,
            "unavailable")
        .then()
        .body("detail", containsString("abacus"));
  }

  @Test
  void itsSettingsStayWhateverElseIsChanged() {
    store("abacus", OF_ABACUS);
    api().body("{\"enabled\": false}").patch(TASK).then().statusCode(200);
    assertEquals(OF_ABACUS, stored("runner_settings"));
    String shown = api().get(TASK).asString();
    api()
        .body(shown.replace("\"max_steps\":20", "\"max_steps\":21"))
        .put(TASK)
        .then()
        .statusCode(200)
        .body("settings.max_steps", equalTo(21))
        .body("settings.key_hint", equalTo("…1234"));
    assertEquals(OF_ABACUS, stored("runner_settings"));
    assertEquals("abacus", stored("runner"));
    problem(api().body("{\"abacus\": {\"beads\": 3}}").patch(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("runner"));
    problem(api().body("{\"runner\": \"abacus\", \"gemini\": {}}").put(TASK), 400, "invalid_input");
    assertEquals(OF_ABACUS, stored("runner_settings"));
    // Who names a runner that this version knows means it.
    problem(
        api()
            .body("{\"runner\": \"openai\", \"openai\": {\"prompt\": \"p\", \"model\": \"m\"}}")
            .put(TASK),
        400,
        "key_required");
    api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "p", "model": "m"},
             "settings": {"key": "sk-another"}}""")
        .put(TASK)
        .then()
        .statusCode(200)
        .body("abacus", nullValue());
  }

  @Test
  void itsRunIsStartedHereAndLeftToTheNewerVersion() {
    store("abacus", OF_ABACUS);
    trigger("newer", "r", Map.of("what", "sheep")).then().statusCode(201);
    Eventually.await(
        "a run that was passed on",
        () -> api().get(TASK + "/runs/r").jsonPath().getList("results").size() > 1);
    JsonPath run = api().get(TASK + "/runs/r").jsonPath();
    assertEquals("pending", run.getString("status"), run.prettify());
    assertEquals("model_unavailable", run.getString("results[1].code"), run.prettify());
    assertEquals("Count sheep", run.getString("results[0].exchange.content"), run.prettify());
    assertTrue(
        sql.statement("SELECT assignment FROM run WHERE name = 'r' ORDER BY id DESC LIMIT 1")
            .one(row -> row.text("assignment"))
            .startsWith("{\"abacus\":" + OF_ABACUS.replace("{{ what }}", "sheep")));
    api().get(TASK + "/runs").then().statusCode(200).body("name", hasItem("r"));
    api().get("/console/admin/default/tasks/newer/runs/r").then().statusCode(200);
  }

  @Test
  void anUnknownFieldOfAKnownRunnerIsKeptShownAndNotSent() {
    String newer = stored("runner_settings").replaceFirst("\\}$", ",\"verbosity\":{\"level\":2}}");
    store("openai", newer);
    model.script(request -> say("Done."));
    api().get(TASK).then().statusCode(200).body("openai.verbosity.level", equalTo(2));
    api().body("{\"openai\": {\"temperature\": 0.5}}").patch(TASK).then().statusCode(200);
    assertTrue(stored("runner_settings").endsWith(",\"verbosity\":{\"level\":2}}"));
    api().body(api().get(TASK).asString()).put(TASK).then().statusCode(200);
    assertTrue(stored("runner_settings").endsWith(",\"verbosity\":{\"level\":2}}"));
    trigger("newer", "r", Map.of()).then().statusCode(201);
    assertEquals("Done.", ended("newer", "r").getString("output"));
    assertFalse(model.requests().getLast().body().toString().contains("verbosity"));
    assertTrue(
        sql.statement("SELECT assignment FROM run WHERE name = 'r' ORDER BY id DESC LIMIT 1")
            .one(row -> row.text("assignment"))
            .contains("\"verbosity\":{\"level\":2}"),
        "a newer worker sends it");
    problem(
            api().body("{\"openai\": {\"verbosity\": {\"level\": 3}}}").patch(TASK),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("openai.verbosity"));
    problem(api().body("{\"openai\": {\"noise\": null}}").patch(TASK), 400, "invalid_input");
    api()
        .body("{\"openai\": {\"verbosity\": null}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("openai.verbosity", nullValue());
  }

  @Test
  void whatItDoesWhereNobodyDecidesIsShownAsTheSafest() {
    api()
        .body("{\"settings\": {\"approval_expiry\": \"fail\", \"approvals\": {\"*\": \"always\"}}}")
        .patch(TASK)
        .then()
        .statusCode(200);
    sql.statement(
            "UPDATE task SET settings = replace(settings, '\"fail\"', '\"escalate\"')"
                + " WHERE name = 'newer' AND deleted_at IS NULL")
        .run();
    api().get(TASK).then().body("settings.approval_expiry", equalTo("escalate"));
    api()
        .get("/console/admin/default/tasks/newer")
        .then()
        .statusCode(200)
        .body(containsString("the call is not made"));
  }

  @Test
  void anOlderAddressTakesBackWhatItShowed() {
    store(
        "openai",
        "{\"prompt\":\"p\",\"model\":\"m\",\"base_url\":\"%s\",\"noise\":{\"level\":3}}"
            .formatted(model.url()));
    String address = "/api/tasks/~/default/newer";
    String shown = api().get(address).then().statusCode(200).extract().asString();
    api().body(shown).put(address).then().statusCode(200).body("openai.noise.level", equalTo(3));
    problem(
        api().body(shown.replace("\"level\":3", "\"level\":4")).put(address), 400, "invalid_input");
  }

  @Test
  void aTextInAnotherFormStaysAsItIs() {
    store("openai", "{\"prompt\":{\"parts\":[\"p\"]},\"model\":{\"any\":true},\"system\":[\"s\"]}");
    api().body("{\"enabled\": false}").patch(TASK).then().statusCode(200);
    api()
        .get(TASK)
        .then()
        .statusCode(200)
        .body("openai.prompt.parts", equalTo(List.of("p")))
        .body("openai.model.any", equalTo(true))
        .body("openai.system", equalTo(List.of("s")));
  }

  @Test
  void aFieldInAnotherFormMakesTheSettingsUnread() {
    store("openai", "{\"prompt\":\"p\",\"model\":\"m\",\"temperature\":{\"min\":0}}");
    api().get(TASK).then().statusCode(200).body("openai.temperature.min", equalTo(0));
    api().body("{\"enabled\": false}").patch(TASK).then().statusCode(200);
    api().get(TASK).then().body("openai.temperature.min", equalTo(0));
  }

  @Test
  void anUnknownFieldOfTheBoundsIsKeptAndShown() {
    sql.statement(
            "UPDATE task SET settings = replace(settings, '\"max_steps\"', '\"max_nights\":3,\"max_steps\"')"
                + " WHERE name = 'newer' AND deleted_at IS NULL")
        .run();
    model.script(request -> say("Done."));
    api().get(TASK).then().statusCode(200).body("settings.max_nights", equalTo(3));
    api()
        .body("{\"settings\": {\"max_steps\": 3}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("settings.max_nights", equalTo(3));
    trigger("newer", "r", Map.of()).then().statusCode(201);
    assertEquals("Done.", ended("newer", "r").getString("output"));
    problem(api().body("{\"settings\": {\"max_nights\": 4}}").patch(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.max_nights"));
    api()
        .body("{\"settings\": {\"max_nights\": null}}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("settings.max_nights", nullValue());
  }

  @Test
  void anUnknownFieldOfACallbackIsKeptAndShown() {
    api()
        .body("{\"settings\": {\"callbacks\": [{\"url\": \"http://127.0.0.1:9/ends\"}]}}")
        .patch(TASK)
        .then()
        .statusCode(200);
    sql.statement(
            "UPDATE task SET settings = replace(settings, '\"events\"', '\"pace\":3,\"events\"')"
                + " WHERE name = 'newer' AND deleted_at IS NULL")
        .run();
    api().get(TASK).then().statusCode(200).body("settings.callbacks[0].pace", equalTo(3));
    api()
        .body("{\"enabled\": false}")
        .patch(TASK)
        .then()
        .statusCode(200)
        .body("settings.callbacks[0].pace", equalTo(3));
    problem(
            api()
                .body(
                    "{\"settings\": {\"callbacks\": [{\"url\": \"http://127.0.0.1:9/ends\", \"pace\": 4}]}}")
                .patch(TASK),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.callbacks[0].pace"));
  }

  @Test
  void aProviderOfAnUnknownRunnerIsListedShownAndKept() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "m", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(PROVIDER)
        .then()
        .statusCode(201);
    sql.statement(
            "UPDATE provider SET runner = 'abacus', settings = '{\"model\":\"m\",\"beads\":[1]}'"
                + " WHERE name = 'newer'")
        .run();
    api().get("/api/profiles/~/default/providers").then().statusCode(200);
    api().get(PROVIDER).then().statusCode(200).body("abacus.beads[0]", equalTo(1));
    api().body(api().get(PROVIDER).asString()).put(PROVIDER).then().statusCode(200);
    assertEquals(
        "{\"model\":\"m\",\"beads\":[1]}",
        sql.statement("SELECT settings FROM provider WHERE name = 'newer'")
            .one(row -> row.text("settings")));
    problem(api().post(PROVIDER + "/check"), 503, "unavailable");
    api().get("/console/admin/default/settings/providers").then().statusCode(200);
  }
}
