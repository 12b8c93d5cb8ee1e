package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchedulePatchTest {
  private static final String SCHEDULE = TASKS + "/patched-plan/schedules/yearly";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aSchedule() {
    register("patched-plan", "Say {{ word }}", model).then().statusCode(201);
    api()
        .body(
            """
            {"cron": "0 0 1 1 *", "timezone": "Europe/Berlin", "missed": "last", "jitter": "PT1M",
             "parameters": {"word": "hi", "n": 0.10, "deep": {"a": 1, "b": null}}}
            """)
        .put(SCHEDULE)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/patched-plan?force=true").then().statusCode(204);
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/merge-patch+json"})
  void aPatchChangesOnlyTheFieldsThatItNames(String type) {
    patch(type, "{\"parameters\": {\"n\": null, \"deep\": {\"a\": 2}}, \"jitter\": null}")
        .statusCode(200)
        .body("cron", equalTo("0 0 1 1 *"))
        .body("missed", equalTo("last"))
        .body("jitter", nullValue())
        .body("timezone", equalTo("Europe/Berlin"));
    String schedule = api().get(SCHEDULE).asString();
    assertEquals(
        "{\"word\":\"hi\",\"deep\":{\"a\":2,\"b\":null}}",
        schedule.replaceFirst(".*\"parameters\":(.*),\"enabled\".*", "$1"));
  }

  @Test
  void anotherRuleTakesThePlaceOfTheOneThatIsRemoved() {
    patch("application/json", "{\"every\": \"PT1H\"}")
        .statusCode(400)
        .body("code", equalTo("invalid_input"))
        .body("detail", containsString("cron, every and at"))
        .body("detail", containsString("a PATCH sets the old one to null: {\"cron\": null, "));
    patch("application/json", "{\"cron\": null, \"every\": \"PT1H\"}")
        .statusCode(200)
        .body("$", not(hasKey("cron")))
        .body("every", equalTo("PT1H"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"colour\": 1}|invalid_input|colour",
        "{\"enabled\": \"no\"}|invalid_input|enabled",
        "{\"colour\": null}|invalid_input|colour",
        "{\"cron\": null}|invalid_input|cron",
        "{\"parameters\": null}|missing_parameters|parameters.word",
        "[]|invalid_input|body",
      })
  void theResultOfAPatchIsCheckedLikeAPut(String patch, String code, String field) {
    String before = api().get(SCHEDULE).asString();
    problem(api().body(patch).patch(SCHEDULE), 400, code)
        .then()
        .body("errors[0].field", equalTo(field));
    assertEquals(before, api().get(SCHEDULE).asString());
    problem(api().body("{}").patch(SCHEDULE + "-absent"), 404, "schedule_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"missed\": \"all\"}",
        "{\"parameters\": {\"word\": \"ho\"}}",
        "{\"jitter\": \"PT2M\"}",
        "{\"cron\": \"0 0 1 1 *\"}",
        "{\"enabled\": null}",
        "{}",
      })
  void aPauseStaysWhereAPatchChangesNoTimeRule(String patch) throws Exception {
    pauseIt();
    patch("application/json", patch)
        .statusCode(200)
        .body("paused_reason", equalTo("It failed."))
        .body("failures", equalTo(10))
        .body("next", hasSize(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"enabled\": true}",
        "{\"cron\": \"0 1 1 1 *\"}",
        "{\"timezone\": \"Europe/Paris\"}",
        "{\"end\": \"2199-01-01T00:00:00Z\"}",
      })
  void aPauseEndsWhereAPatchEnablesTheScheduleOrChangesATimeRule(String patch) throws Exception {
    pauseIt();
    patch("application/json", patch)
        .statusCode(200)
        .body("paused_reason", nullValue())
        .body("failures", equalTo(0))
        .body("next", hasSize(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"last\"|\"all\"",
        "\"PT1M\"|\"PT2M\"",
        "\"spread\":null|\"spread\":\"PT5M\"",
        "\"retry\":[\"PT5M\"|\"retry\":[\"PT6M\"",
      })
  void aPauseStaysWhereAPutChangesNeitherTheTimesNorTheParameters(String is, String wanted)
      throws Exception {
    pauseIt();
    String changed = api().get(SCHEDULE).asString().replace(is, wanted);
    assertTrue(changed.contains(wanted), changed);
    api()
        .body(changed)
        .put(SCHEDULE)
        .then()
        .statusCode(200)
        .body("paused_reason", equalTo("It failed."))
        .body("failures", equalTo(10));
    assertTrue(api().get(SCHEDULE).asString().contains(wanted));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 0 1 1 *|0 1 1 1 *", "\"hi\"|\"ho\""})
  void aPutOfWhatIsShownChangesNothingAndOneOfOtherTimesOrParametersResumes(
      String is, String wanted) throws Exception {
    String going = api().get(SCHEDULE).asString();
    api().body(going).put(SCHEDULE).then().statusCode(200);
    assertEquals(going, api().get(SCHEDULE).asString());

    pauseIt();
    String paused = api().get(SCHEDULE).asString();
    api().body(paused).put(SCHEDULE).then().statusCode(200);
    assertEquals(paused, api().get(SCHEDULE).asString());
    api()
        .body(paused.replace(is, wanted))
        .put(SCHEDULE)
        .then()
        .statusCode(200)
        .body("paused_reason", nullValue())
        .body("failures", equalTo(0));
  }

  @Test
  void aRunByHandTakesNoParametersAndMayBeWaitedFor() {
    for (String body : List.of("{\"parameters\": {\"word\": \"ho\"}}", "{\"x\": null}")) {
      problem(api().body(body).post(SCHEDULE + "/run"), 400, "invalid_input")
          .then()
          .body("errors[0].message", containsString("is not a known field"));
    }
    problem(api().body("[]").post(SCHEDULE + "/run"), 400, "malformed_json");
    problem(api().body("{\"a\"").post(SCHEDULE + "/run"), 400, "malformed_json");
    problem(api().post(SCHEDULE + "/run?wait=61"), 400, "invalid_input");
    api().get(TASKS + "/patched-plan/runs").then().body("$", hasSize(0));

    api()
        .body("{}")
        .post(SCHEDULE + "/run?wait=60")
        .then()
        .statusCode(201)
        .body("status", equalTo("ready"));
    api()
        .put(TASKS + "/patched-plan/runs/by-name?wait=61")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_input"));
    api()
        .body("{\"parameters\": {\"word\": \"hi\"}}")
        .put(TASKS + "/patched-plan/runs/by-name?wait=60")
        .then()
        .statusCode(201)
        .body("status", equalTo("ready"));
  }

  @Test
  void patchesAtTheSameTimeDoNotUndoEachOther() throws Exception {
    List<String> names = List.of("a", "b", "c", "d", "e", "f");
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int value = 0; value < 4; value++) {
        for (String name : names) {
          Map<String, Object> patch = Map.of("parameters", Map.of(name + value, value));
          answers.add(clients.submit(() -> api().body(patch).patch(SCHEDULE).statusCode()));
        }
      }
      for (Future<Integer> answer : answers) {
        assertEquals(200, answer.get());
      }
    }
    Map<String, Object> parameters = api().get(SCHEDULE).jsonPath().getMap("parameters");
    assertEquals(3 + 4 * names.size(), parameters.size(), parameters::toString);
  }

  private void pauseIt() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      int paused =
          statement.executeUpdate(
              "UPDATE schedule SET paused_at = now(), paused_reason = 'It failed.', failures = 10,"
                  + " due_at = NULL WHERE name = 'yearly'");
      assertEquals(1, paused);
    }
  }

  private static ValidatableResponse patch(String type, String patch) {
    return api().contentType(type).body(patch).patch(SCHEDULE).then();
  }
}
