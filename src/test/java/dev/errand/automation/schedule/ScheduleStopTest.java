package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.HOURLY;
import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.fires;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.DatabaseTime;
import dev.errand.runs.worker.Worker;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps the times of a schedule from starting runs, and that it is seen. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleStopTest {
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
  void aTaskThatIsDisabledStopsItsSchedulesVisiblyAndPausesNone() {
    hourly(Map.of());
    fired.prompt("Say {{ word }}", false);
    for (int hour = 13; hour < 13 + 2 * OnTestTime.PAUSE_AFTER; hour++) {
      fired.tickAt(hour);
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

    fired.prompt("Say {{ word }}", true);
    fired.tickAt(13 + 2 * OnTestTime.PAUSE_AFTER);
    fires().body("[0].verdict", equalTo("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(1));
  }

  @Test
  void aProfileThatIsPausedStopsItsSchedulesVisibly() {
    hourly(Map.of());
    api().put("/api/profiles/~/default/pause").then().statusCode(200);
    try {
      fired.tickAt(13);
      fires().body("verdict", contains("profile_paused"));
    } finally {
      api().delete("/api/profiles/~/default/pause").then().statusCode(204);
    }
    fired.tickAt(14);
    fires().body("verdict", contains("started", "profile_paused"));
  }

  @Test
  void aRunThatMayNotOverlapIsSkippedVisibly() throws Exception {
    register("fired", "Say {{ word }}", model, Map.of("overlap", "skip")).then().statusCode(200);
    hourly(Map.of());
    fired.tickAt(13);
    fired.tickAt(14);
    fires()
        .body("verdict", contains("run_overlaps", "started"))
        .body("[0].detail", containsString("has not ended"))
        .body("[0].run", nullValue());
    api().get(HOURLY).then().body("failures", equalTo(0));
    awaitAll(worker.begin(() -> {}).runs());
    fired.tickAt(15);
    fires().body("[0].verdict", equalTo("started"));
    api().get(TASK + "/runs").then().body("$", hasSize(2));
  }

  @Test
  void aFireThatFindsTheQueueFullLeavesARecord() throws Exception {
    hourly(Map.of());
    fired.update(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT id,"
            + " profile_id, 'waits-' || n, '{}', '{}', '{}' FROM task, generate_series(1, "
            + OnTestTime.QUEUED
            + ") AS n WHERE name = 'fired' AND deleted_at IS NULL");
    // What was seen of the room before holds for a second.
    String verdict = "started";
    for (int hour = 13; verdict.equals("started"); hour++) {
      fired.tickAt(hour);
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
    fired.prompt("Say {{ word }} to {{ whom }}", true);
    for (int i = 0; i < OnTestTime.PAUSE_AFTER; i++) {
      api().get(HOURLY).then().body("failures", equalTo(i)).body("paused_reason", nullValue());
      fired.tickAt(13 + i);
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
      fired.tickAt(hour++);
      awaitAll(worker.begin(() -> {}).runs());
    }
    api().get(HOURLY).then().body("failures", equalTo(3)).body("paused_reason", nullValue());
    fired.tickAt(hour);

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
    fired.tickAt(20);
    fires().body("[0].verdict", equalTo("started"));
  }

  @Test
  void timesMissedWhilePausedAreCaughtUpOnlyIfMissedSaysSo() {
    hourly(Map.of());
    put("last", Map.of("missed", "last"));
    hourly(Map.of("enabled", false));
    put("last", Map.of("missed", "last", "enabled", false));
    time.set("2026-11-24T16:30:00Z");
    assertEquals(0, schedules.tick());

    hourly(Map.of("enabled", true)).then().body("next[0]", equalTo("2026-11-24T17:00:00.000Z"));
    put("last", Map.of("missed", "last", "enabled", true));
    assertEquals(1, schedules.tick());
    fires()
        .body("verdict", contains("missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
    hourly(Map.of("enabled", true));
    fires().body("$", hasSize(1));
    fires("last")
        .body("verdict", contains("started", "missed"))
        .body("[0].scheduled_for", equalTo("2026-11-24T16:00:00.000Z"));
  }
}
