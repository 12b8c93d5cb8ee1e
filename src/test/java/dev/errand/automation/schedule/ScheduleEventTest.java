package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.HOURLY;
import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.hourly;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A schedule that pauses itself or misses times is heard of, once. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleEventTest {
  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject ScheduleFiring firing;
  @Inject Sql sql;
  @Inject Json json;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  private FiredTask fired;

  @BeforeEach
  void aTaskWithACallback() {
    time.set("2026-11-24T12:30:00Z");
    sql.statement("DELETE FROM standstill").run();
    sql.statement("DELETE FROM schedule_tick").run();
    fired = new FiredTask(model, schedules, time, database);
    listen(List.of("schedule.paused", "schedule.missed"));
  }

  private void listen(List<String> events) {
    Map<String, Object> callback = Map.of("url", model.url() + "/hook", "events", events);
    api()
        .body(Map.of("settings", Map.of("callbacks", List.of(callback))))
        .patch(TASK)
        .then()
        .statusCode(200);
  }

  @AfterEach
  void stop() {
    fired.delete();
    model.close();
  }

  private record Heard(String event, Instant at, JsonNode details) {}

  private List<Heard> heard() {
    return sql.statement(
            """
            SELECT event, happened_at, included FROM callback_delivery
            JOIN task_callback AS callback ON callback.id = callback_id
            JOIN task ON task.id = task_id WHERE task.name = 'fired' AND deleted_at IS NULL
            ORDER BY event
            """)
        .list(
            row ->
                new Heard(
                    row.text("event"), row.time("happened_at"), json.tree(row.text("included"))));
  }

  private void failUntilItPauses() {
    hourly(Map.of());
    fired.prompt("Say {{ word }} to {{ whom }}", true);
    // The task was registered anew.
    listen(List.of("schedule.paused", "schedule.missed"));
    for (int i = 0; i < OnTestTime.PAUSE_AFTER; i++) {
      assertEquals(List.of(), heard());
      fired.tickAt(13 + i);
    }
  }

  @Test
  void aScheduleThatPausesItselfIsHeardOf() {
    failUntilItPauses();
    fired.tickAt(20);

    List<Heard> heard = heard();
    assertEquals(1, heard.size(), heard::toString);
    Heard paused = heard.getFirst();
    assertEquals("schedule.paused", paused.event());
    assertEquals(Instant.parse("2026-11-24T15:00:00Z"), paused.at());
    assertEquals("hourly", paused.details().path("schedule").asText());
    assertEquals(OnTestTime.PAUSE_AFTER, paused.details().path("failures").asInt());
    assertEquals("2026-11-24T15:00:00.000Z", paused.details().path("since").asText());
    assertEquals(
        api().get(HOURLY).then().extract().<String>path("paused_reason"),
        paused.details().path("reason").asText());
  }

  @Test
  void timesThatPassedWithoutARunAreHeardOfOnce() {
    hourly(Map.of("missed", "last"));
    schedules.tick();
    fired.tickAt(16);
    time.set("2026-11-24T16:30:00Z");
    schedules.tick();

    List<Heard> heard = heard();
    assertEquals(1, heard.size(), heard::toString);
    Heard missed = heard.getFirst();
    assertEquals("schedule.missed", missed.event());
    assertEquals(Instant.parse("2026-11-24T16:00:00Z"), missed.at());
    assertEquals("hourly", missed.details().path("schedule").asText());
    assertEquals(3, missed.details().path("times").asInt());
    assertEquals("2026-11-24T13:00:00.000Z", missed.details().path("since").asText());
    assertEquals("2026-11-24T17:00:00.000Z", missed.details().path("next").asText());
    assertEquals(
        "From this time on, 3 times were skipped: the clock of the database was changed from about"
            + " 2026-11-24 12:30 UTC to 2026-11-24 16:00 UTC, or its machine slept. The schedule's"
            + " setting is missed: last.",
        missed.details().path("reason").asText());
  }

  @Test
  void whereNothingIsKnownOfAStandstillTheReasonDoesNotGuess() {
    hourly(Map.of());
    time.set("2026-11-24T13:10:00Z");
    schedules.tick();
    assertEquals(
        "This time was skipped: for more than 2 minutes no process handled the schedule. The"
            + " schedule's setting is missed: none.",
        heard().getFirst().details().path("reason").asText());
  }

  @Test
  void timesThatPassedWhileItWasPausedAreNotHeardOf() {
    failUntilItPauses();
    fired.prompt("Say {{ word }}", true);
    listen(List.of("schedule.missed"));
    for (String missed : List.of("none", "last")) {
      hourly(Map.of("missed", missed, "enabled", false));
      time.pass(Duration.ofHours(5));
      hourly(Map.of("missed", missed));
      schedules.tick();
    }
    assertEquals(List.of(), heard());
    api().get(HOURLY).then().body("last_fire.verdict", equalTo("started"));
  }

  @Test
  void aTimeThatIsHandledIsNotHeardOf() {
    hourly(Map.of());
    fired.tickAt(13);
    assertEquals(List.of(), heard());
  }

  @Test
  void thatAPersonPausesItIsNotHeardOf() {
    hourly(Map.of());
    hourly(Map.of("enabled", false));
    fired.tickAt(16);
    hourly(Map.of("enabled", true));
    schedules.tick();
    assertEquals(List.of(), heard());
  }

  @Test
  void severalAreHeardOfTogether() {
    hourly(Map.of());
    put("other", Map.of());
    fired.tickAt(16);
    List<String> names = new ArrayList<>();
    heard().forEach(each -> names.add(each.details().path("schedule").asText()));
    names.sort(null);
    assertEquals(List.of("hourly", "other"), names);
  }

  @Test
  void ofATickThatFailsNothingIsHeardOf() {
    hourly(Map.of());
    time.set("2026-11-24T16:00:00Z");
    DueTurns turns = firing.turns();
    turns.begin(time.instant(), 1);
    assertThrows(
        IllegalStateException.class,
        () ->
            QuarkusTransaction.requiringNew()
                .run(
                    () -> {
                      assertEquals(
                          List.of(), firing.fire(time.instant(), turns, 1, new ArrayList<>()));
                      throw new IllegalStateException("The process ends.");
                    }));
    assertEquals(List.of(), heard());
    schedules.tick();
    assertEquals(1, heard().size());
  }

  @Test
  void aTimeZoneThatIsGonePausesItAndThatIsHeardOf() throws Exception {
    hourly(Map.of());
    fired.update("UPDATE schedule SET timezone = 'Atlantis/Gone' WHERE name = 'hourly'");
    fired.tickAt(13);
    List<Heard> heard = heard();
    assertEquals(1, heard.size(), heard::toString);
    assertTrue(
        heard.getFirst().details().path("reason").asText().contains("can no longer be calculated"),
        heard::toString);
  }
}
