package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.HOURLY;
import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.runs.worker.RequestWorker;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why a schedule fired at a time, or why it did not. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class FireExplanationTest {
  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject RequestWorker worker;
  @Inject ScheduleFiring firing;
  @Inject ScheduleConfig config;
  @Inject Sql sql;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  private FiredTask fired;

  @BeforeEach
  void aTask() throws Exception {
    time.set("2026-11-24T12:30:00Z");
    fired = new FiredTask(model, schedules, time, database);
    fired.update("DELETE FROM standstill; DELETE FROM schedule_tick");
  }

  @AfterEach
  void stop() {
    fired.delete();
    model.close();
  }

  private static ValidatableResponse why(String schedule, String at) {
    return api()
        .get(TASK + "/schedules/" + schedule + "/fires/" + at.replace(" ", "%20"))
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse why(String at) {
    return why("hourly", at);
  }

  /** A tick of another process, which has just started. */
  private ScheduleTicker newProcess() {
    return new ScheduleTicker(firing, new Standstills(sql, config), time);
  }

  @Test
  void aTimeThatStartedARunNamesIt() {
    hourly(Map.of("timezone", "Europe/Berlin"));
    fired.tickAt(13);
    for (String at :
        List.of(
            "2026-11-24T13:00:00Z",
            "2026-11-24T13:00:00.999Z",
            "2026-11-24 14:00:00.123456+01:00",
            "20261124T080000-0500",
            "2026-11-24T14:00")) {
      why(at)
          .body("at", equalTo("2026-11-24T13:00:00.000Z"))
          .body("fired", equalTo(true))
          .body("verdict", equalTo("started"))
          .body("sentence", equalTo("The run hourly@2026-11-24T13:00:00Z was started."))
          .body("fire.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"))
          .body("run.name", equalTo("hourly@2026-11-24T13:00:00Z"))
          .body("run.status", equalTo("pending"))
          .body("nearest.before", nullValue())
          .body("nearest.after", equalTo("2026-11-24T14:00:00.000Z"));
    }
    api().get((String) why("2026-11-24T13:00Z").extract().path("run.url")).then().statusCode(200);
  }

  @Test
  void whatKeptARunFromStartingIsSaidWithItsCode() {
    hourly(Map.of());
    fired.prompt("Say {{ word }}", false);
    fired.tickAt(13);
    why("2026-11-24T13:00:00Z")
        .body("fired", equalTo(false))
        .body("verdict", equalTo("task_disabled"))
        .body("sentence", startsWith("No run could be started, because of task_disabled: "))
        .body("fire.verdict", equalTo("task_disabled"))
        .body("run", nullValue());
  }

  @Test
  void noProcessLookedForDueSchedules() {
    hourly(Map.of());
    newProcess().tick();
    time.set("2026-11-24T17:10:00Z");
    newProcess().tick();

    why("2026-11-24T13:00:00Z")
        .body("fired", equalTo(false))
        .body("verdict", equalTo("no_process"))
        .body(
            "sentence",
            equalTo(
                "This time was skipped: from about 2026-11-24 12:30 UTC to 2026-11-24 17:10 UTC no"
                    + " process looked for due schedules: none ran, or none reached the database."))
        .body("fire.verdict", equalTo("missed"));
    // Of those that are skipped together, only the first has a fire.
    why("2026-11-24T15:00:00Z")
        .body("verdict", equalTo("no_process"))
        .body(
            "sentence",
            startsWith(
                "This time was skipped, as were others from 2026-11-24 13:00 UTC on: from about"))
        .body("fire.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"))
        .body("nearest.before", equalTo("2026-11-24T14:00:00.000Z"))
        .body("nearest.after", equalTo("2026-11-24T16:00:00.000Z"));
  }

  @Test
  void aTimeThatIsCaughtUpSaysWhyItWasLate() {
    hourly(Map.of("missed", "last"));
    newProcess().tick();
    time.set("2026-11-24T13:10:00Z");
    newProcess().tick();
    why("2026-11-24T13:00:00Z")
        .body("fired", equalTo(true))
        .body(
            "sentence", containsString("to catch up a missed time, 10 minutes late. Before, from"));
  }

  @Test
  void theClockWasChangedOrTheMachineSlept() {
    hourly(Map.of());
    ScheduleTicker process = newProcess();
    process.tick();
    time.set("2026-11-24T17:10:00Z");
    process.tick();
    why("2026-11-24T15:00:00Z")
        .body("verdict", equalTo("clock_changed"))
        .body(
            "sentence",
            containsString(
                "the clock of the database was changed from about 2026-11-24 12:30 UTC to"
                    + " 2026-11-24 17:10 UTC, or its machine slept."));
  }

  @Test
  void aStandstillThatCameAfterARunHadStartedDidNotComeBefore() {
    hourly(Map.of());
    newProcess().tick();
    fired.tickAt(13);
    time.set("2026-11-24T17:10:00Z");
    newProcess().tick();
    why("2026-11-24T13:00:00Z")
        .body("sentence", equalTo("The run hourly@2026-11-24T13:00:00Z was started."));
  }

  @Test
  void howTheRunOfATimeEndedIsSaid() throws Exception {
    model.script(
        request ->
            model.requests().size() == 1
                ? ScriptedModel.error(401, "invalid_api_key", "Not this key.")
                : ScriptedModel.say("Hi."));
    hourly(Map.of());
    fired.tickAt(13);
    worker.work(Duration.ofSeconds(60));
    fired.tickAt(14);
    worker.work(Duration.ofSeconds(60));
    why("2026-11-24T13:00:00Z")
        .body(
            "sentence",
            equalTo(
                "The run hourly@2026-11-24T13:00:00Z was started. The run ended in error: key_refused."));
    why("2026-11-24T14:00:00Z")
        .body(
            "sentence",
            equalTo("The run hourly@2026-11-24T14:00:00Z was started. The run is done."));
    fired.update("DELETE FROM run WHERE name = 'hourly@2026-11-24T14:00:00Z'");
    why("2026-11-24T14:00:00Z")
        .body("sentence", endsWith(" was started. The run is no longer kept."));
  }

  @Test
  void aClockThatWasAheadForAWhileKeepsNoScheduleWaiting() {
    hourly(Map.of());
    ScheduleTicker process = newProcess();
    process.tick();
    time.set("2026-11-24T16:00:00Z");
    process.tick();
    why("2026-11-24T14:00:00Z").body("verdict", equalTo("clock_changed"));

    time.set("2026-11-24T12:31:00Z");
    newProcess().tick();
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T13:00:00.000Z"));
    for (String at : List.of("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z")) {
      why(at).body("verdict", equalTo("scheduled"));
    }
    for (int hour = 13; hour <= 17; hour++) {
      fired.tickAt(hour);
    }
    FiredTask.fires()
        .body(
            "verdict",
            contains("started", "known", "started", "started", "started", "started", "missed"))
        .body("[1].scheduled_for", equalTo("2026-11-24T16:00:00.000Z"));
    api().get(TASK + "/runs").then().body("$", hasSize(5));
  }

  @Test
  void aScheduleThatWasChangedWhileTheClockWasAheadGoesOnToo() {
    hourly(Map.of("enabled", false));
    ScheduleTicker process = newProcess();
    process.tick();
    time.set("2026-11-27T16:00:00Z");
    process.tick();
    hourly(Map.of("cron", "30 * * * *"));
    time.set("2026-11-24T12:31:00Z");
    process.tick();
    api().get(HOURLY).then().body("next[0]", equalTo("2026-11-24T13:30:00.000Z"));
  }

  @Test
  void aTimeThatIsDueIsDecidedNextUnlessNothingLooks() {
    hourly(Map.of());
    newProcess().tick();
    time.set("2026-11-24T13:00:01Z");
    why("2026-11-24T13:00:00Z")
        .body("verdict", equalTo("undecided"))
        .body("sentence", containsString("only just due"))
        .body("fire", nullValue());
    time.set("2026-11-24T13:10:00Z");
    why("2026-11-24T13:00:00Z")
        .body("verdict", equalTo("no_process"))
        .body(
            "sentence",
            startsWith("No process has looked for due schedules since about 2026-11-24 12:30 UTC"));
  }

  @Test
  void aTimeInTheFutureWillFireUnlessTheScheduleStandsStill() {
    hourly(Map.of());
    why("2026-11-24T15:00:00Z")
        .body("fired", equalTo(false))
        .body("verdict", equalTo("scheduled"))
        .body("sentence", equalTo("The schedule will run at 2026-11-24 15:00 UTC."));
    hourly(Map.of("enabled", false));
    why("2026-11-24T15:00:00Z")
        .body("verdict", equalTo("disabled"))
        .body("sentence", containsString("enable it"));

    hourly(Map.of("jitter", "PT30M", "cron", "0 * * * *"));
    String due = api().get(HOURLY).then().extract().path("next[0]");
    for (String at : List.of("2026-11-24T13:00Z", due)) {
      why(at)
          .body("verdict", equalTo("scheduled"))
          .body("sentence", containsString("which includes the jitter of this time"));
    }
    time.set(due);
    schedules.tick();
    why(due)
        .body("verdict", equalTo("started"))
        .body("fire.scheduled_for", equalTo("2026-11-24T13:00:00.000Z"));
  }

  @Test
  void aTimeWhoseJitterHasNotPassedIsNotAmongTheMissed() {
    hourly(Map.of("jitter", "PT1H"));
    time.set("2026-11-24T16:00:00.001Z");
    newProcess().tick();
    why("2026-11-24T14:00:00Z").body("verdict", equalTo("missed"));
    why("2026-11-24T16:00:00Z").body("verdict", equalTo("scheduled"));
  }

  @Test
  void aScheduleThatPausedItselfSaysWhyBeforeAndAfterItIsResumed() {
    hourly(Map.of());
    fired.prompt("Say {{ word }} to {{ whom }}", true);
    for (int hour = 13; hour < 13 + OnTestTime.PAUSE_AFTER; hour++) {
      fired.tickAt(hour);
    }
    time.set("2026-11-24T16:30:00Z");
    why("2026-11-24T16:00:00Z")
        .body("fired", equalTo(false))
        .body("verdict", equalTo("paused"))
        .body(
            "sentence", startsWith("The schedule is paused since 2026-11-24 15:00 UTC. It paused"))
        .body("sentence", containsString("needs parameters: whom"));
    fired.prompt("Say {{ word }}", true);
    api().post(HOURLY + "/resume").then().statusCode(200);
    why("2026-11-24T16:00:00Z")
        .body("verdict", equalTo("missed"))
        .body(
            "sentence",
            equalTo(
                "This time was skipped: the schedule paused itself at 2026-11-24 15:00 UTC, and was"
                    + " resumed at 2026-11-24 16:30 UTC. The schedule's setting is missed: none."));
    hourly(Map.of("enabled", false));
    time.set("2026-11-24T19:30:00Z");
    hourly(Map.of());
    why("2026-11-24T17:00:00Z")
        .body(
            "sentence",
            equalTo(
                "From this time on, 3 times were skipped: the schedule was disabled until"
                    + " 2026-11-24 19:30 UTC. The schedule's setting is missed: none."));
  }

  @Test
  void whatWasBeforeTheScheduleOrItsLastChangeIsNotKnown() {
    hourly(Map.of());
    why("2026-11-24T12:00:00Z")
        .body("verdict", equalTo("not_created"))
        .body(
            "sentence",
            equalTo("The schedule did not exist then: it was created at 2026-11-24 12:30 UTC."))
        .body("nearest.before", nullValue());
    why("2026-11-24T14:07:00Z")
        .body("verdict", equalTo("not_a_time"))
        .body(
            "sentence",
            equalTo(
                "2026-11-24 14:07 UTC is not a time of the schedule: Every hour on the hour,"
                    + " in UTC."))
        .body("nearest.before", equalTo("2026-11-24T14:00:00.000Z"))
        .body("nearest.after", equalTo("2026-11-24T15:00:00.000Z"));
    time.set("2026-11-24T12:50:00Z");
    hourly(Map.of("cron", "*/20 * * * *"));
    for (String at : List.of("2026-11-24T12:40:00Z", "2026-11-24T12:41:00Z")) {
      why(at)
          .body("verdict", equalTo("changed_since"))
          .body("sentence", containsString("changed at 2026-11-24 12:50 UTC"));
    }
  }

  @Test
  void aRunThatIsStillThereIsFoundAfterItsFireIsForgotten() {
    hourly(Map.of("missed", "all"));
    fired.tickAt(13);
    time.set("2026-11-29T12:30:00Z");
    schedules.tick();
    why("2026-11-24T13:00:00Z")
        .body("fired", equalTo(true))
        .body("verdict", equalTo("started"))
        .body("fire", nullValue())
        .body("run.name", equalTo("hourly@2026-11-24T13:00:00Z"));
    why("2026-11-24T14:00:00Z")
        .body("fired", equalTo(false))
        .body("verdict", equalTo("too_long_ago"))
        .body("sentence", containsString("the newest 100 times are kept"));
  }

  @Test
  void daylightSavingSkipsAndDoublesTimes() {
    time.set("2026-10-20T00:00:00Z");
    put("fixed", Map.of("cron", "30 2 * * *", "timezone", "Europe/Berlin"));
    put("steps", Map.of("cron", "*/30 2 * * *", "timezone", "Europe/Berlin"));
    why("fixed", "2026-10-25T02:30")
        .body("at", equalTo("2026-10-25T00:30:00.000Z"))
        .body("verdict", equalTo("scheduled"));
    why("fixed", "2026-10-25T02:30+01:00")
        .body("verdict", equalTo("dst_overlap"))
        .body("sentence", containsString("the first time, which is 2026-10-25T00:30:00Z"))
        .body("nearest.before", equalTo("2026-10-25T00:30:00.000Z"));
    why("steps", "2026-10-25T02:30+01:00").body("verdict", equalTo("scheduled"));
    why("fixed", "2027-03-28T02:30")
        .body("at", equalTo("2027-03-28T01:00:00.000Z"))
        .body("verdict", equalTo("scheduled"))
        .body(
            "sentence",
            equalTo(
                "On this day, the clock of Europe/Berlin goes from 02:00 to 03:00: times in between"
                    + " do not come, and the schedule runs right after them. The schedule will"
                    + " run at 2027-03-28 03:00 Europe/Berlin."));
    why("steps", "2027-03-28T02:30")
        .body("verdict", equalTo("dst_gap"))
        .body("sentence", containsString("goes from 02:00 to 03:00"))
        .body("nearest.after", equalTo("2027-03-29T00:00:00.000Z"));
  }

  @Test
  void onlyATimeOfASchedule() {
    hourly(Map.of());
    for (String at : List.of("noon", "2026-13-01T00:00Z", "1999-01-01T00:00Z")) {
      problem(api().get(HOURLY + "/fires/" + at), 400, "invalid_input");
    }
    problem(api().get(TASK + "/schedules/none/fires/2026-11-24T13:00Z"), 404, "schedule_not_found");
  }
}
