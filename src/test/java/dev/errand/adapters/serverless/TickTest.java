package dev.errand.adapters.serverless;

import static dev.errand.adapters.serverless.EventSender.RUN_ENQUEUED;
import static dev.errand.adapters.serverless.EventSender.TICK;
import static dev.errand.adapters.serverless.EventSender.send;
import static dev.errand.adapters.serverless.EventSender.sendAtOnce;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.notice.ChannelRows;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In request mode a tick does everything that a loop does by the clock, and doubled ticks no more.
 */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Issuer.class, scope = TestResourceScope.MATCHING_RESOURCES)
@WithTestResource(value = Sink.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TickTest {
  private static final String TASK = TASKS + "/ticked";

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @Inject DataSource database;
  @Inject ChannelRows channels;

  @BeforeEach
  void aTaskWithACallback() {
    Sink.reset();
    register(
            "ticked",
            "Hello",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "callbacks",
                List.of(Map.of("url", receiver.url("/")))))
        .then()
        .statusCode(201);
  }

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true").then().statusCode(204);
    receiver.close();
    model.close();
  }

  @Test
  void duplicateTicksFireAScheduleOnceExecuteItsRunOnceAndNotifyOnce() throws Exception {
    Instant soon = scheduledSoon();
    Eventually.await(
        "a run that was told of",
        () -> {
          try {
            assertTrue(sendAtOnce(TICK, 4).stream().allMatch(status -> status == 204));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return !receiver.calls().isEmpty();
        });
    sendAtOnce(TICK, 4);

    String name = "dawn@" + soon;
    api().get(TASK + "/runs").then().body("name", equalTo(List.of(name)));
    assertEquals("ready", ended("ticked", name).getString("status"));
    assertEquals(1, model.requests().size());
    assertEquals(1, receiver.calls().size());
    assertTrue(receiver.calls().getFirst().body().contains(name));
  }

  /** A time at which the schedule fires: a moment that passes before it is registered is none. */
  private static Instant scheduledSoon() {
    AtomicReference<Instant> soon = new AtomicReference<>(Instant.EPOCH);
    Eventually.await(
        "a schedule",
        () -> {
          soon.set(Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2));
          Map<String, String> at = Map.of("at", soon.get().toString());
          return api().body(at).put(TASK + "/schedules/dawn").statusCode() == 201;
        });
    return soon.get();
  }

  @Test
  void theEventOfARunDeliversItsCallbackToo() {
    trigger("ticked", "told", Map.of()).then().statusCode(201);
    send(RUN_ENQUEUED).then().statusCode(204);

    assertEquals(1, receiver.calls().size(), "when the event is answered, its end was told");
  }

  @Test
  void theEventOfARunDeliversItsNoticeToo() {
    String notice = "/api/profiles/~/default/notices/ticked";
    channels.add("default", "team", receiver.url("/notice"));
    model.script(request -> ScriptedModel.error(404, "model_not_found", "There is none."));
    try {
      api()
          .body(Map.of("events", List.of("run.error"), "channel", "team"))
          .put(notice)
          .then()
          .statusCode(201);
      trigger("ticked", "failed", Map.of()).then().statusCode(201);
      send(RUN_ENQUEUED).then().statusCode(204);
      assertEquals(
          1, receiver.calls().stream().filter(call -> call.path().equals("/notice")).count());
    } finally {
      api().delete(notice);
      channels.remove();
    }
  }

  @Test
  void aTickRetriesAFailedCallback() throws Exception {
    receiver.answer(503);
    trigger("ticked", "deaf", Map.of()).then().statusCode(201);
    send(RUN_ENQUEUED).then().statusCode(204);
    receiver.answer(204);
    change("UPDATE callback_delivery SET due_at = now() WHERE state = 'pending'");
    sendAtOnce(TICK, 4);

    assertEquals(2, receiver.calls().size());
    assertEquals(receiver.calls().get(0).id(), receiver.calls().get(1).id());
  }

  @Test
  void aReceiverThatDoesNotAnswerDelaysNoTickBeyondItsBudget() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    receiver.script(
        call -> {
          await(released);
          return new Receiver.Reply(204, "", "");
        });
    trigger("ticked", "silent", Map.of()).then().statusCode(201);
    // It may take ten minutes to answer; the event has ten seconds.
    send(RUN_ENQUEUED).then().statusCode(204);
    assertEquals(1, receiver.calls().size());
    assertEquals("ready", ended("ticked", "silent").getString("status"));

    released.countDown();
    send(TICK).then().statusCode(204);
    assertEquals(2, receiver.calls().size(), "what was cut off is told again at once");
    assertEquals(receiver.calls().get(0).id(), receiver.calls().get(1).id());
  }

  @Test
  void aRunWhoseProcessWasLostIsTakenBackByATick() throws Exception {
    trigger("ticked", "orphan", Map.of()).then().statusCode(201);
    change(
        "UPDATE run SET status = 'running', attempt = 1, started_at = now(),"
            + " lease_until = now() - interval '1 second' WHERE name = 'orphan'");
    send(TICK).then().statusCode(204);

    api()
        .get(TASK + "/runs/orphan")
        .then()
        .body("status", equalTo("ready"))
        .body("attempt", equalTo(2));
  }

  @Test
  void ticksRemoveOldRuns() throws Exception {
    trigger("ticked", "old", Map.of()).then().statusCode(201);
    send(TICK).then().statusCode(204);
    change(
        "UPDATE run SET created_at = created_at - interval '31 days', started_at = started_at"
            + " - interval '31 days', finished_at = finished_at - interval '31 days' WHERE name ="
            + " 'old'");
    send(TICK).then().statusCode(204);
    change("UPDATE run_tombstone SET removed_at = now() - interval '2 minutes' WHERE name = 'old'");
    send(TICK).then().statusCode(204);

    problem(api().get(TASK + "/runs/old"), 410, "run_gone");
    api().get(TASK + "/usage").then().body("total.runs_ready", equalTo(1));
  }

  @Test
  void aTickSendsTheHeartbeat() {
    int before = Sink.BEATS.get();
    send(TICK).then().statusCode(204);
    assertEquals(before + 1, Sink.BEATS.get());
    send(RUN_ENQUEUED).then().statusCode(204);
    assertEquals(before + 1, Sink.BEATS.get());
  }

  @Test
  void aTickLooksAtWatches() throws Exception {
    String watched = TASKS + "/watched-by-ticks";
    model.script(_ -> ScriptedModel.error(401, "invalid_api_key", "No."));
    register(
            "watched-by-ticks",
            "Hello",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "watch",
                Map.of("errors_in_a_row", 1),
                "callbacks",
                List.of(Map.of("url", receiver.url("/"), "events", List.of("watch.missed")))))
        .then()
        .statusCode(201);
    send(TICK).then().statusCode(204);
    trigger("watched-by-ticks", "failed", Map.of()).then().statusCode(201);
    send(RUN_ENQUEUED).then().statusCode(204);
    assertEquals("error", ended("watched-by-ticks", "failed").getString("status"));
    change("UPDATE task_watch SET due_at = now()");
    sendAtOnce(TICK, 4);
    send(TICK).then().statusCode(204);

    assertEquals(1, receiver.calls().size());
    assertTrue(receiver.calls().getFirst().body().contains("\"watch.missed\""));
    api().get(watched + "/watch").then().body("[0].condition", equalTo("errors_in_a_row"));
    api().delete(watched + "?force=true").then().statusCode(204);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      assertTrue(statement.executeUpdate(sql) > 0, sql);
    }
  }
}
