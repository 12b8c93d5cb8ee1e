package dev.errand.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.worker.Worker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes of a schedule's times. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleFireTest {
  private static final String TASK = TASKS + "/fired";
  private static final String HOURLY = TASK + "/schedules/hourly";

  private final ScriptedModel model = new ScriptedModel();

  @Inject Schedules schedules;
  @Inject Worker worker;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    time.set("2026-11-24T12:30:00Z");
    register("fired", "Say {{ word }}", model).then().statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aFireStartsTheRunOfItsTimeOnce() throws Exception {
    hourly(Map.of()).then().statusCode(201);
    assertEquals(0, schedules.tick(), "nothing is due yet");

    time.set("2026-11-24T13:00:00.700Z");
    assertEquals(1, schedules.tick());
    assertEquals(0, schedules.tick(), "and it is due no more");

    run("13")
        .body("status", equalTo("pending"))
        .body("name", equalTo("hourly@2026-11-24T13:00:00Z"))
        .body("parameters", equalTo(Map.of("word", "hi")))
        .body(
            "trigger",
            equalTo(
                Map.of(
                    "kind", "schedule",
                    "schedule", "hourly",
                    "scheduled_for", "2026-11-24T13:00:00.000Z")))
        .body("scheduled_at", equalTo("2026-11-24T13:00:00.000Z"))
        .body("depth", equalTo(0))
        .body("late", nullValue());
    assertEquals(1, worker.runOnce(10));
    assertEquals("Say hi", model.requests().getFirst().lastMessage().path("content").asText());
    // The test's clock is ahead of the one that a worker goes by, and nothing begins before its
    // time.
    run("13").body("status", equalTo("ready")).body("late", startsWith("PT"));
    api()
        .get(HOURLY)
        .then()
        .body("next[0]", equalTo("2026-11-24T14:00:00.000Z"))
        .body("last_fire.verdict", equalTo("started"))
        .body("last_fire.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"))
        .body("last_fire.decided_at", equalTo("2026-11-24T13:00:00.700Z"))
        .body("last_fire.run.name", equalTo("hourly@2026-11-24T13:00:00Z"));
    fires()
        .body("$", hasSize(1))
        .body("[0].run.status", equalTo("ready"))
        .body("[0].detail", equalTo("The run hourly@2026-11-24T13:00:00Z was started."));
    api().get((String) fires().extract().path("[0].run.url")).then().statusCode(200);
  }

  @Test
  void aNameOfAScheduleIsNobodyElsesToGive() {
    problem(api().body("{}").put(TASK + "/runs/hourly@2026-11-24T13:00:00Z"), 400, "invalid_input");
  }

  @Test
  void aRunTellsByHowMuchItBeganLateAlsoWhenItIsPostponed() throws Exception {
    model.script(request -> error(503, "busy", "Later.").with("Retry-After", "60"));
    time.set("2020-01-01T00:30:00Z");
    hourly(Map.of());
    time.set("2020-01-01T01:00:00Z");
    schedules.tick();
    worker.runOnce(10);

    JsonPath run =
        api().get(TASK + "/runs/hourly@2020-01-01T01:00:00Z").then().extract().jsonPath();
    assertEquals("pending", run.getString("status"), run.prettify());
    assertTrue(Instant.parse(run.getString("scheduled_at")).isAfter(Instant.now()));
    assertTrue(Duration.parse(run.getString("late")).toDays() > 365 * 5, run.prettify());
  }

  @Test
  void jitterPutsTheFireOffAndTheRunIsMeantForThen() {
    hourly(Map.of("jitter", "PT30M"));
    String next = api().get(HOURLY).then().extract().path("next[0]");
    time.set(Instant.parse(next).minusMillis(1));
    assertEquals(0, schedules.tick());
    time.set(next);
    assertEquals(1, schedules.tick());

    run("13")
        .body("scheduled_at", equalTo(next))
        .body("trigger.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
  }

  @Test
  void aClockThatJumpsBackDoesNotFireTwice() {
    hourly(Map.of());
    time.set("2026-11-24T13:00:00Z");
    assertEquals(1, schedules.tick());
    time.set("2026-11-24T12:59:00Z");
    assertEquals(0, schedules.tick());
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T14:00:00.000Z"));
    time.set("2026-11-24T13:00:00Z");
    assertEquals(0, schedules.tick());
    time.set("2026-11-24T12:59:00Z");
    // Registered anew while the clock is behind, its time comes a second time, and its run is
    // known.
    hourly(Map.of("cron", "0 * * * *"));
    time.set("2026-11-24T13:00:00Z");
    assertEquals(1, schedules.tick());

    api().get(TASK + "/runs").then().body("$", hasSize(1));
    fires()
        .body("verdict", contains("known", "started"))
        .body("[0].run.name", equalTo("hourly@2026-11-24T13:00:00Z"));
  }

  @Test
  void aClockThatJumpsForwardMakesUpForWhatIsAsked() {
    hourly(Map.of());
    put("last", Map.of("missed", "last"));
    put("all", Map.of("missed", "all"));
    time.set("2026-11-24T17:10:00Z");
    assertEquals(3, schedules.tick());
    assertEquals(0, schedules.tick());

    fires()
        .body("verdict", contains("missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T13:00:00.000Z"))
        .body("[0].detail", containsString("5 times were let go"));
    fires("last")
        .body("verdict", contains("started", "missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T17:00:00.000Z"))
        .body("[0].detail", containsString("to make up for a missed time, 10 minutes late"))
        .body("[1].detail", containsString("4 times were let go"));
    fires("all")
        .body("verdict", contains("started", "started", "started", "started", "started"))
        .body("[4].scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
    api().get(TASK + "/runs").then().body("$", hasSize(6));
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T18:00:00.000Z"));
  }

  @Test
  void aTaskThatIsDisabledStopsItsSchedulesVisiblyAndPausesNone() {
    hourly(Map.of());
    model("Say {{ word }}", false);
    for (int hour = 13; hour < 13 + 2 * OnTestTime.PAUSE_AFTER; hour++) {
      tickAt(hour);
    }
    api()
        .get(HOURLY)
        .then()
        .body("failures", equalTo(0))
        .body("paused_reason", nullValue())
        .body("last_fire.verdict", equalTo("task_disabled"))
        .body("last_fire.run", nullValue())
        .body("last_fire.detail", containsString("is disabled"));
    fires().body("$", hasSize(2 * OnTestTime.PAUSE_AFTER));

    model("Say {{ word }}", true);
    tickAt(13 + 2 * OnTestTime.PAUSE_AFTER);
    fires().body("[0].verdict", equalTo("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(1));
  }

  @Test
  void aProfileThatIsPausedStopsItsSchedulesVisibly() {
    hourly(Map.of());
    api().put("/api/profiles/~/default/pause").then().statusCode(200);
    try {
      tickAt(13);
      fires().body("verdict", contains("profile_paused"));
    } finally {
      api().delete("/api/profiles/~/default/pause").then().statusCode(204);
    }
    tickAt(14);
    fires().body("verdict", contains("started", "profile_paused"));
  }

  @Test
  void aRunThatMayNotOverlapIsSkippedVisibly() throws Exception {
    register("fired", "Say {{ word }}", model, Map.of("overlap", "skip")).then().statusCode(200);
    hourly(Map.of());
    tickAt(13);
    tickAt(14);
    fires()
        .body("verdict", contains("run_overlaps", "started"))
        .body("[0].detail", containsString("has not ended"))
        .body("[0].run", nullValue());
    api().get(HOURLY).then().body("failures", equalTo(0));
    worker.runOnce(10);
    tickAt(15);
    fires().body("[0].verdict", equalTo("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(2));
  }

  @Test
  void aFireThatFindsTheQueueFullLeavesARecord() throws Exception {
    hourly(Map.of());
    update(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT id,"
            + " profile_id, 'waits-' || n, '{}', '{}', '{}' FROM task, generate_series(1, "
            + OnTestTime.QUEUED
            + ") AS n WHERE name = 'fired' AND deleted_at IS NULL");
    // What was seen of the room before holds for a second.
    String verdict = "started";
    for (int hour = 13; verdict.equals("started"); hour++) {
      tickAt(hour);
      verdict = api().get(HOURLY).then().extract().path("last_fire.verdict");
    }
    assertEquals("queue_full", verdict);
    api()
        .get(HOURLY)
        .then()
        .body("failures", equalTo(0))
        .body("last_fire.detail", containsString("runs queued"));
  }

  @Test
  void aPromptThatTheParametersDoNotFitAnyMorePausesTheScheduleInTheEnd() {
    hourly(Map.of());
    model("Say {{ word }} to {{ whom }}", true);
    for (int i = 0; i < OnTestTime.PAUSE_AFTER; i++) {
      api().get(HOURLY).then().body("failures", equalTo(i)).body("paused_reason", nullValue());
      tickAt(13 + i);
    }
    fires().body("verdict", hasItem("missing_parameters")).body("$", hasSize(3));
    api()
        .get(HOURLY)
        .then()
        .body("enabled", equalTo(true))
        .body("failures", equalTo(OnTestTime.PAUSE_AFTER))
        .body("paused_at", equalTo("2026-11-24T15:00:00.000Z"))
        .body("paused_reason", containsString("after 3 failures in a row"))
        .body("paused_reason", containsString("needs parameters: whom"))
        .body("next", hasSize(0));
    time.set("2026-11-25T12:30:00Z");
    assertEquals(0, schedules.tick(), "it fires no more");

    problem(api().post(HOURLY + "/resume"), 400, "missing_parameters");
    problem(hourly(Map.of()), 400, "missing_parameters");
    hourly(Map.of("parameters", Map.of("word", "hi", "whom", "you")))
        .then()
        .statusCode(200)
        .body("paused_reason", nullValue())
        .body("failures", equalTo(0))
        .body("next[0]", equalTo("2026-11-25T13:00:00.000Z"));
    assertEquals(0, schedules.tick(), "and does not go back to what has passed");
  }

  @Test
  void runsThatEndInErrorPauseTheScheduleAndOneThatIsReadyEndsTheRow() throws Exception {
    hourly(Map.of());
    List<Boolean> good = List.of(false, false, true, false, false, false);
    int hour = 13;
    for (boolean ready : good) {
      model.script(
          request -> ready ? say("Done.") : error(401, "invalid_api_key", "Not this key."));
      tickAt(hour++);
      worker.runOnce(10);
    }
    api().get(HOURLY).then().body("failures", equalTo(3)).body("paused_reason", nullValue());
    tickAt(hour);

    api()
        .get(HOURLY)
        .then()
        .body("paused_reason", containsString("hourly@2026-11-24T18:00:00Z ended with key_refused"))
        .body("last_fire.verdict", equalTo("paused"));
    api().get(TASK + "/runs").then().body("$", hasSize(good.size()));

    model.script(request -> say("Done."));
    time.set("2026-11-24T19:30:00Z");
    api()
        .post(HOURLY + "/resume")
        .then()
        .statusCode(200)
        .body("paused_reason", nullValue())
        .body("failures", equalTo(0))
        .body("next[0]", equalTo("2026-11-24T20:00:00.000Z"));
    tickAt(20);
    fires().body("[0].verdict", equalTo("started"));
  }

  @Test
  void whatPassesWhileAScheduleIsOffIsMadeUpForOnlyWhereMissedSaysSo() {
    hourly(Map.of());
    put("last", Map.of("missed", "last"));
    hourly(Map.of("enabled", false));
    put("last", Map.of("missed", "last", "enabled", false));
    time.set("2026-11-24T16:30:00Z");
    assertEquals(0, schedules.tick());

    hourly(Map.of("enabled", true)).then().body("next[0]", equalTo("2026-11-24T17:00:00.000Z"));
    put("last", Map.of("missed", "last", "enabled", true));
    assertEquals(1, schedules.tick());
    fires().body("$", hasSize(0));
    fires("last")
        .body("verdict", contains("started", "missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T16:00:00.000Z"));
  }

  @Test
  void aScheduleForOneTimeFiresOnceAndStaysToBeLookedAt() {
    api()
        .body(Map.of("at", "2026-11-24T13:00:00Z", "parameters", Map.of("word", "hi")))
        .put(HOURLY)
        .then()
        .statusCode(201);
    tickAt(13);
    tickAt(14);

    api().get(HOURLY).then().body("next", hasSize(0)).body("last_fire.verdict", equalTo("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(1));
  }

  @Test
  void theNewestHundredFiresAreKept() {
    hourly(Map.of("missed", "all"));
    time.set("2026-11-29T12:30:00Z");
    schedules.tick();
    fires()
        .body("$", hasSize(100))
        .body("[0].scheduled_for", equalTo("2026-11-29T12:00:00.000Z"))
        .body("[99].verdict", equalTo("started"));
    api().get(TASK + "/runs?limit=500").then().body("$", hasSize(100));
  }

  @Test
  void aScheduleThatFailsInsideIsPassedOverAndKeepsNoOtherWaiting() throws Exception {
    hourly(Map.of());
    put("broken", Map.of());
    put("other", Map.of());
    // As a zone is to a machine that has never heard of it.
    update("UPDATE schedule SET timezone = 'Mars/Olympus' WHERE name = 'broken'");
    time.set("2026-11-24T13:00:00Z");
    assertEquals(3, schedules.tick());

    fires().body("verdict", contains("started"));
    fires("other").body("verdict", contains("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(2));
    tickAt(14);
    api().get(TASK + "/runs").then().body("$", hasSize(4));
  }

  private void update(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement update = connection.createStatement()) {
      update.executeUpdate(sql);
    }
  }

  private void tickAt(int hour) {
    time.set(Instant.parse("2026-11-24T00:00:00Z").plus(Duration.ofHours(hour)));
    schedules.tick();
  }

  private ValidatableResponse run(String hour) {
    return api().get(TASK + "/runs/hourly@2026-11-24T" + hour + ":00:00Z").then().statusCode(200);
  }

  private static ValidatableResponse fires() {
    return fires("hourly");
  }

  private static ValidatableResponse fires(String schedule) {
    return api().get(TASK + "/schedules/" + schedule + "/fires").then().statusCode(200);
  }

  private static Response hourly(Map<String, Object> more) {
    return put("hourly", more);
  }

  private static Response put(String name, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>();
    body.put("cron", "@hourly");
    body.put("parameters", Map.of("word", "hi"));
    body.putAll(more);
    return api().body(body).put(TASK + "/schedules/" + name);
  }

  private void model(String prompt, boolean enabled) {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", prompt, "model", "gpt-4o", "base_url", model.url()),
                "enabled",
                enabled))
        .put(TASK)
        .then()
        .statusCode(200);
  }
}
