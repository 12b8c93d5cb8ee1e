package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.HOURLY;
import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.fires;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schedules with the same times start their runs one after another. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleSpreadTest {
  private static final Instant ONE = Instant.parse("2026-11-24T13:00:00Z");
  private static final String PLACE = "2026-11-24T13:21:04.000Z";
  private static final String AFTER = "2026-11-24T14:21:04.000Z";

  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  private FiredTask fired;

  @BeforeEach
  void aTask() {
    time.set("2026-11-24T12:30:00Z");
    fired = new FiredTask(model, schedules, time, database);
  }

  @AfterEach
  void stop() {
    fired.delete();
    model.close();
  }

  @Test
  void aRunStartsAtThePlaceOfItsNamesAndKeepsItsTime() throws Exception {
    // The place is the same in all versions: another hash would move the runs of everybody.
    hourly(Map.of("spread", "1 hour"))
        .then()
        .statusCode(201)
        .body("spread", equalTo("PT1H"))
        .body("description", containsString(", spread over 1 hour"))
        .body("next[0]", equalTo(PLACE))
        .body("next[1]", equalTo(AFTER));
    // A version that knows no spread fires at the time itself, and not after its grace.
    assertEquals(ONE, dueAt());

    at("2026-11-24T13:00:00Z", 0);
    api()
        .get(HOURLY + "/fires/2026-11-24T13:00:00Z")
        .then()
        .body("verdict", equalTo("scheduled"))
        .body(
            "sentence", containsString("13:21:04 UTC, which includes the schedule's part of its"));
    at("2026-11-24T13:21:03.999Z", 0);
    at("2026-11-24T13:21:04Z", 1);
    at("2026-11-24T13:21:05Z", 0);

    api()
        .get(TASK + "/runs/hourly@2026-11-24T13:00:00Z")
        .then()
        .statusCode(200)
        .body("scheduled_at", equalTo(PLACE))
        .body("trigger.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
    api().get(HOURLY).then().body("next[0]", equalTo(AFTER));
    fires().body("verdict", contains("started"));
  }

  @Test
  void schedulesOfOneMinuteHaveManyPlacesAndKeepThem() {
    Set<String> places = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      String next = put("s" + i, Map.of("spread", "10m")).then().extract().path("next[0]");
      Duration later = Duration.between(ONE, Instant.parse(next));
      assertTrue(!later.isNegative() && later.compareTo(Duration.ofMinutes(10)) < 0, next);
      places.add(next);
    }
    assertTrue(places.size() > 30, places.toString());
    String before = api().get(TASK + "/schedules/s1").then().extract().path("next[0]");
    api().delete(TASK + "/schedules/s1").then().statusCode(204);
    put("s1", Map.of("spread", "PT10M")).then().body("next[0]", equalTo(before));
    time.set("2026-11-24T13:10:00Z");
    assertEquals(40, schedules.tick());
  }

  @Test
  void aSpreadThatReachesTheNextTimeIsRefused() {
    problem(hourly(Map.of("spread", "61m")), 400, "invalid_input")
        .then()
        .body("detail", containsString("spread: must be between 0 seconds and 1 hour"));
    problem(hourly(Map.of("cron", "*/5 * * * *", "spread", "6m")), 400, "invalid_input")
        .then()
        .body(
            "detail",
            containsString(
                "spread: must not be longer than the interval from one time to the next, here 5"
                    + " minutes"));
    problem(hourly(Map.of("jitter", "40m", "spread", "21m")), 400, "invalid_input")
        .then()
        .body("detail", containsString("spread: must not, together with jitter, be longer"));
    hourly(Map.of("jitter", "40m", "spread", "20m")).then().statusCode(201);
    problem(patch("{\"spread\": \"21m\"}"), 400, "invalid_input");
    problem(patch("{\"cron\": null, \"every\": \"10m\", \"jitter\": null}"), 400, "invalid_input");
  }

  @Test
  void aPatchMovesTheRunThatWaitsAndRepeatsNone() {
    hourly(Map.of());
    at("2026-11-24T13:00:00Z", 1);
    time.set("2026-11-24T13:05:00Z");
    patch("{\"spread\": \"1h\"}").then().statusCode(200).body("next[0]", equalTo(AFTER));
    at("2026-11-24T13:21:04Z", 0);

    at("2026-11-24T14:20:00Z", 0);
    patch("{\"spread\": null}").then().statusCode(200).body("spread", nullValue());
    at("2026-11-24T14:20:01Z", 1);
    at("2026-11-24T14:21:04Z", 0);
    fires().body("verdict", contains("started", "started"));
    api()
        .get(TASK + "/runs/hourly@2026-11-24T14:00:00Z")
        .then()
        .body("scheduled_at", equalTo("2026-11-24T14:20:00.000Z"));
  }

  @Test
  void aNewTimeRuleHasThePlaceToo() {
    hourly(Map.of("spread", "1h"));
    patch("{\"cron\": \"0 15 * * *\"}")
        .then()
        .statusCode(200)
        .body("next[0]", equalTo("2026-11-24T15:21:04.000Z"));
    Map<String, Object> once = new HashMap<>(Map.of("at", "2026-11-24T16:00:00Z", "spread", "1h"));
    once.put("cron", null);
    hourly(once).then().statusCode(200).body("next", contains("2026-11-24T16:21:04.000Z"));
    at("2026-11-24T16:21:04Z", 1);
    api().get(TASK + "/runs/hourly@2026-11-24T16:00:00Z").then().statusCode(200);
  }

  @Test
  void missedTimesAreThoseThatAreLateAfterTheirPlace() {
    hourly(Map.of("spread", "1h", "missed", "all"));
    time.set("2026-11-24T16:20:00Z");
    schedules.tick();
    // That of 16:00 is still to come.
    fires().body("verdict", contains("started", "started", "started"));
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T16:21:04.000Z"));
    patch("{\"missed\": \"none\"}").then().statusCode(200);
    at("2026-11-24T16:22:00Z", 1);
    time.set("2026-11-24T17:40:00Z");
    schedules.tick();
    fires().body("verdict[0]", equalTo("missed")).body("$", hasSize(5));
  }

  @Test
  void aPauseWhileARunWaitsKeepsIt() {
    hourly(Map.of("spread", "1h"));
    time.set("2026-11-24T13:05:00Z");
    patch("{\"enabled\": false}").then().statusCode(200);
    time.set("2026-11-24T13:10:00Z");
    patch("{\"enabled\": true}").then().body("next[0]", equalTo(PLACE));
    at("2026-11-24T13:21:04Z", 1);
  }

  @Test
  void theCalendarAndTheHomePageShowTheRealStart() {
    hourly(Map.of("cron", "0 13 * * *", "spread", "1h"));
    Browser admin = new Browser(Api.SESSION);
    String home = admin.open("/console/admin/default").html().html();
    assertTrue(home.contains("2026-11-24T13:21:04"), home);
    String calendar = admin.open("/console/admin/default/calendar?date=2026-11-24").text();
    assertTrue(calendar.contains("13:21"), calendar);
    String preview = "/console/admin/default/schedule-preview?rule=cron&cron=@hourly&spread=1h";
    assertTrue(admin.at(preview).asString().contains("T13:00:00"), "no name yet");
    String named = admin.at(preview + "&task=fired&name=hourly").asString();
    assertTrue(named.contains("T13:21:04"), named);
  }

  private void at(String instant, int due) {
    time.set(instant);
    assertEquals(due, schedules.tick(), instant);
  }

  private Instant dueAt() throws SQLException {
    try (Connection connection = database.getConnection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("SELECT due_at FROM schedule WHERE name = 'hourly'")) {
      assertTrue(row.next());
      return row.getTimestamp(1).toInstant();
    }
  }

  private static Response patch(String patch) {
    return api().body(patch).patch(HOURLY);
  }
}
