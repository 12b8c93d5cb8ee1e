package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.HOURLY;
import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.fires;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.error;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.DatabaseTime;
import dev.errand.runs.worker.Worker;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
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
  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject Worker worker;
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
    assertEquals(1, awaitAll(worker.begin(() -> {}).runs()));
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
  void namesOfScheduledRunsAreReserved() {
    problem(api().body("{}").put(TASK + "/runs/hourly@2026-11-24T13:00:00Z"), 400, "invalid_input");
  }

  @Test
  void aRunShowsItsDelayAlsoWhenItIsPostponed() throws Exception {
    model.script(request -> error(503, "busy", "Later.").with("Retry-After", "60"));
    time.set("2020-01-01T00:30:00Z");
    hourly(Map.of());
    time.set("2020-01-01T01:00:00Z");
    schedules.tick();
    awaitAll(worker.begin(() -> {}).runs());

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
        .body("[0].detail", containsString("5 times were skipped"));
    fires("last")
        .body("verdict", contains("started", "missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T17:00:00.000Z"))
        .body("[0].detail", containsString("to catch up a missed time, 10 minutes late"))
        .body("[1].detail", containsString("4 times were skipped"));
    fires("all")
        .body("verdict", contains("started", "started", "started", "started", "started"))
        .body("[4].scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
    api().get(TASK + "/runs").then().body("$", hasSize(6));
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T18:00:00.000Z"));
  }

  @Test
  void aScheduleForOneTimeFiresOnceAndStaysToBeLookedAt() {
    api()
        .body(Map.of("at", "2026-11-24T13:00:00Z", "parameters", Map.of("word", "hi")))
        .put(HOURLY)
        .then()
        .statusCode(201);
    fired.tickAt(13);
    fired.tickAt(14);

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
    fired.update("UPDATE schedule SET timezone = 'Mars/Olympus' WHERE name = 'broken'");
    time.set("2026-11-24T13:00:00Z");
    assertEquals(3, schedules.tick());

    fires().body("verdict", contains("started"));
    fires("other").body("verdict", contains("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(2));
    fired.tickAt(14);
    api().get(TASK + "/runs").then().body("$", hasSize(4));
  }

  private static ValidatableResponse run(String hour) {
    return api().get(TASK + "/runs/hourly@2026-11-24T" + hour + ":00:00Z").then().statusCode(200);
  }
}
