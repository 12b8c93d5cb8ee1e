package dev.errand.automation.delivery;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import dev.errand.runs.queue.KeptByHand;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is told in the background here: the test's own deliverers are all there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TwoDeliverersTest {
  private static final int EVENTS = 200;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @Inject DataSource database;
  @Inject DeliveryQueue queue;
  @Inject CallbackSender sender;
  @Inject NoticeSender notices;
  @Inject ReceiverLog log;
  @Inject DeliveryConfig config;

  @BeforeEach
  void noDeliveries() throws SQLException {
    run("DELETE FROM task_callback");
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/told?force=true");
    receiver.close();
    model.close();
  }

  @Test
  void twoProcessesSendEachDeliveryOnce() throws Exception {
    notifyAt(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    for (int i = 0; i < EVENTS / 10; i++) {
      trigger("told", "r" + i, Map.of());
      ended("told", "r" + i);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> told = new ArrayList<>();
      for (Deliverer deliverer : List.of(deliverer(), deliverer(), deliverer())) {
        told.add(threads.submit(() -> tellAll(deliverer)));
      }
      int all = 0;
      for (Future<Integer> number : told) {
        all += number.get();
      }
      assertEquals(EVENTS, all);
    }
    Set<String> ids = new HashSet<>();
    receiver.calls().forEach(call -> ids.add(call.id()));
    assertEquals(EVENTS, ids.size());
    assertEquals(EVENTS, receiver.calls().size());
    assertEquals(0, awaitAll(deliverer().begin(10, () -> {})));
  }

  @Test
  void anotherProcessSendsDeliveriesOfALostOne() throws Exception {
    notifyAt(0);
    trigger("told", "r", Map.of());
    ended("told", "r");
    // The process that took this dies.
    assertEquals(1, queue.claim(10, Duration.ofMinutes(1), Duration.ZERO).size());
    assertEquals(0, awaitAll(deliverer().begin(10, () -> {})));
    run(
        "UPDATE callback_delivery SET lease_until = now() - interval '1 second' WHERE state ="
            + " 'pending'");

    assertEquals(1, awaitAll(deliverer().begin(10, () -> {})));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void aLateResultChangesNothing() throws Exception {
    notifyAt(0);
    trigger("told", "r", Map.of());
    ended("told", "r");
    DueDelivery slow = queue.claim(10, Duration.ofMinutes(1), Duration.ZERO).getFirst();
    run(
        "UPDATE callback_delivery SET lease_until = now() - interval '1 second' WHERE state ="
            + " 'pending'");
    assertEquals(1, awaitAll(deliverer().begin(10, () -> {})));

    queue.record(
        slow,
        new AttemptResult(
            AttemptOutcome.ANSWERED_OTHERWISE, 500, null, false, Duration.ZERO, Duration.ZERO),
        DeliveryView.State.FAILED,
        Duration.ZERO);
    assertEquals(List.of("delivered"), deliveries().stream().map(DeliveryView::state).toList());
    assertEquals(1, deliveries().getFirst().attempts().size());
  }

  @Test
  void aDeliveryFailsAfterADayOfAttemptsAndCanBeRedelivered() throws Exception {
    receiver.answer(500);
    notifyAt(0);
    trigger("told", "r", Map.of());
    ended("told", "r");
    for (int i = 1; i <= RetryWaitsTest.MOST_ATTEMPTS; i++) {
      assertEquals("pending", deliveries().getFirst().state());
      assertEquals(1, awaitAll(deliverer().begin(10, () -> {})));
      assertEquals(0, awaitAll(deliverer().begin(10, () -> {})));
      run("UPDATE callback_delivery SET due_at = now() WHERE state = 'pending'");
    }
    assertEquals("failed", deliveries().getFirst().state());
    assertEquals(0, awaitAll(deliverer().begin(10, () -> {})));

    DeliveryView failed = deliveries().getFirst();
    String id = api().get(TASKS + "/told/callbacks").path("[0].id");
    api()
        .post(TASKS + "/told/callbacks/" + id + "/deliveries/" + failed.id() + "/redeliver")
        .then()
        .statusCode(202);
    assertEquals(1, awaitAll(deliverer().begin(10, () -> {})));
    assertEquals("pending", deliveries().getFirst().state());
    assertEquals(RetryWaitsTest.MOST_ATTEMPTS + 1, deliveries().getFirst().attempts().size());
  }

  @Test
  void deliveriesAreRepeatedSomeTimesAnHour() throws Exception {
    notifyAt(0);
    trigger("told", "r", Map.of());
    ended("told", "r");
    String id = api().get(TASKS + "/told/callbacks").path("[0].id");
    String again =
        TASKS
            + "/told/callbacks/"
            + id
            + "/deliveries/"
            + deliveries().getFirst().id()
            + "/redeliver";
    run("DELETE FROM callback_repeated");
    run(
        """
        INSERT INTO callback_repeated (owner_id, at)
        SELECT id, now() - interval '10 minutes' FROM account, generate_series(1, 99)
        WHERE username = 'admin'
        """);
    try {
      api().post(again).then().statusCode(202);
      problem(api().post(again), 429, "rate_limited")
          .then()
          .header(
              "Retry-After", Integer::valueOf, allOf(greaterThan(2400), lessThanOrEqualTo(3000)));
      run("UPDATE callback_repeated SET at = at - interval '1 hour'");
      api().post(again).then().statusCode(202);
    } finally {
      run("DELETE FROM callback_repeated");
    }
  }

  @Test
  void aReceiverThatDoesNotAnswerDoesNotDelayOthers() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    receiver.script(
        call -> {
          if (call.path().equals("/0")) {
            try {
              released.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return new Receiver.Reply(200, "", "");
        });
    notifyAt(0, 1);
    for (int i = 0; i < 12; i++) {
      trigger("told", "r" + i, Map.of());
      ended("told", "r" + i);
    }
    Deliverer deliverer = deliverer();
    Eventually.await(
        "all that the other is told",
        () -> {
          deliverer.begin(Integer.MAX_VALUE, () -> {});
          return receiver.calls().stream().filter(call -> call.path().equals("/1")).count() == 12;
        });
    assertTrue(receiver.calls().stream().filter(call -> call.path().equals("/0")).count() <= 4);
    released.countDown();
    Eventually.await(
        "the rest",
        () -> {
          deliverer.begin(Integer.MAX_VALUE, () -> {});
          return receiver.calls().size() == 24;
        });
    Eventually.await(
        "their ends", () -> deliveries().stream().allMatch(d -> d.state().equals("delivered")));
  }

  @Test
  void theCallbacksOfADeletedTaskAreDeletedAfterTheirDeliveries() throws Exception {
    notifyAt(0);
    trigger("told", "r", Map.of());
    ended("told", "r");
    api().delete(TASKS + "/told").then().statusCode(204);
    queue.forget();
    assertEquals(1, awaitAll(deliverer().begin(10, () -> {})));
    queue.forget();

    assertEquals(0, run("UPDATE task_callback SET modified_at = modified_at"));
  }

  private Deliverer deliverer() {
    return new Deliverer(queue, sender, notices, log, List.of(), config);
  }

  private static int tellAll(Deliverer deliverer) throws InterruptedException {
    int told = 0;
    while (true) {
      int now = awaitAll(deliverer.begin(7, () -> {}));
      told += now;
      if (now == 0) {
        return told;
      }
    }
  }

  private void notifyAt(int... paths) {
    List<Map<String, String>> callbacks = new ArrayList<>();
    for (int path : paths) {
      callbacks.add(Map.of("url", receiver.url("/" + path)));
    }
    register(
        "told", "Hello", model, Map.of("key", "sk-a-key-for-tests-1234", "callbacks", callbacks));
  }

  private List<DeliveryView> deliveries() {
    String id = api().get(TASKS + "/told/callbacks").path("[0].id");
    return queue.newestOfCallback(UUID.fromString(id));
  }

  private int run(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
