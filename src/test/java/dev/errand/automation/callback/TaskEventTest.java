package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How callbacks are told of what happens to a task beside the ends of its runs. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskEventTest {
  private static final Instant AT = Instant.parse("2026-11-29T08:00:00Z");

  @Inject TaskEvents events;
  @Inject Sql sql;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void register() {
    Api.register(
            "watched",
            "Hello",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "callbacks",
                List.of(
                    Map.of(
                        "url",
                        receiver.url("/"),
                        "events",
                        List.of("schedule.paused", "watch.missed")))))
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASKS + "/watched?force=true");
    receiver.close();
    model.close();
  }

  private UUID task() {
    return sql.statement("SELECT id FROM task WHERE name = 'watched' AND deleted_at IS NULL")
        .one(row -> row.id("id"));
  }

  private TaskEvent event(EventKind type) {
    return new TaskEvent(
        task(),
        type,
        AT,
        json.object().put(TaskEvent.SCHEDULE, "every morning").put("reason", "Too many failures."));
  }

  @Test
  void aCallbackIsToldOfWhatItAskedFor() throws Exception {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                events.publish(
                    List.of(event(EventKind.SCHEDULE_MISSED), event(EventKind.SCHEDULE_PAUSED))));
    JsonPath body = JsonPath.from(receiver.await(1).getFirst().body());
    assertEquals("schedule.paused", body.getString("type"));
    assertEquals("2026-11-29T08:00:00.000Z", body.getString("timestamp"));
    assertEquals("admin/default", body.getString("data.profile"));
    assertEquals("watched", body.getString("data.task"));
    assertEquals("Too many failures.", body.getString("data.reason"));
    assertTrue(
        body.getString("data.url")
            .endsWith("/api/profiles/admin/default/tasks/watched/schedules/every%20morning"),
        body.getString("data.url"));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void anEventOfATransactionThatFailsIsNone() {
    assertThrows(
        IllegalStateException.class,
        () ->
            QuarkusTransaction.requiringNew()
                .run(
                    () -> {
                      events.publish(List.of(event(EventKind.WATCH_MISSED)));
                      throw new IllegalStateException("It fails.");
                    }));
    List<String> kept =
        sql.statement("SELECT event FROM callback_delivery WHERE event = 'watch.missed'")
            .list(row -> row.text("event"));
    assertEquals(List.of(), kept);
  }

  @Test
  void theDatabaseHasNoListOfEvents() {
    List<String> lists =
        sql
            .statement("SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint")
            .list(row -> row.text("text"))
            .stream()
            .filter(
                text -> Stream.of(EventKind.values()).anyMatch(kind -> text.contains(kind.code())))
            .toList();
    assertEquals(List.of(), lists);
  }

  @Test
  void anEventOfANewerVersionIsDelivered() throws Exception {
    sql.statement("UPDATE task_callback SET events = '{budget.warning}' WHERE task_id = :task")
        .with("task", task())
        .update();
    sql.statement(
            """
            SELECT keep_event(profile_id, id, NULL, NULL, 'budget.warning', now(), '{"spent": 9}')
            FROM task WHERE id = :task
            """)
        .with("task", task())
        .run();
    JsonPath body = JsonPath.from(receiver.await(1).getFirst().body());
    assertEquals("budget.warning", body.getString("type"));
    assertEquals("watched", body.getString("data.task"));
    assertEquals(9, body.getInt("data.spent"));
  }
}
