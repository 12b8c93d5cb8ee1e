package dev.errand.automation.delivery;

import static dev.errand.support.Api.api;
import static dev.errand.support.Futures.awaitAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.notice.ChannelRows;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.Eventually;
import dev.errand.support.LogLines;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order the messages of notices arrive at a channel, and what is logged of it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ChannelOrderTest {
  private static final String NOTICE = "/api/profiles/~/default/notices/order";
  private static final Instant TEN = Instant.parse("2026-11-29T10:00:00Z");

  @Inject ChannelRows channels;
  @Inject Deliverer deliverer;
  @Inject DeliveryQueue deliveries;
  @Inject Sql sql;
  @Inject Json json;

  private final Receiver receiver = new Receiver();

  @BeforeEach
  void aNotice() {
    channels.add("default", "team", receiver.url("/a-secret-path"));
    api()
        .body(Map.of("events", List.of("run.error"), "channel", "team"))
        .put(NOTICE)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(NOTICE).then().statusCode(204);
    channels.remove();
    receiver.close();
  }

  @Test
  void whatHappenedFirstToATaskArrivesFirst() throws Exception {
    receiver.answer(503);
    add("daily", "run.error", 0);
    assertEquals(1, send());
    letWhatFailedWait();
    receiver.answer(204);
    add("daily", "run.recovered", 5);
    add("other", "run.warnings", 7);
    assertEquals(1, send());
    assertEquals(List.of("run.error", "run.warnings"), arrived());
    assertEquals(0, send(), "it waits for the older one");
    makeAllDue();
    assertEquals(1, send());
    assertEquals(1, send());
    assertEquals(List.of("run.error", "run.warnings", "run.error", "run.recovered"), arrived());
  }

  @Test
  void theOrderOfHavingBeenAddedDoesNotMatter() throws Exception {
    add("daily", "run.recovered", 5);
    add("daily", "run.error", 0);
    assertEquals(1, send());
    assertEquals(1, send());
    assertEquals(List.of("run.error", "run.recovered"), arrived());
  }

  @Test
  void whatFailedIsDueAgainOnceTheChannelTakesMessages() throws Exception {
    receiver.answer(503);
    for (int i = 0; i < 6; i++) {
      add("task-" + i, "run.error", i);
    }
    assertEquals(4, send());
    letWhatFailedWait();
    assertEquals(2, send());
    letWhatFailedWait();
    receiver.answer(204);
    sql.statement("UPDATE callback_delivery SET due_at = now() WHERE subject = 'task-5'").run();
    // One after the other, so that a receiver that has just come back is not overrun.
    for (int i = 0; i < 6; i++) {
      assertEquals(1, send());
    }
    assertEquals(0, send());
    assertEquals(List.of("delivered"), states());
  }

  @Test
  void whatTheReceiverAskedToWaitForWaits() throws Exception {
    receiver.answer(429);
    add("first", "run.error", 0);
    assertEquals(1, send());
    receiver.answer(503);
    add("second", "run.error", 1);
    assertEquals(1, send());
    letWhatFailedWait();
    receiver.answer(204);
    sql.statement("UPDATE callback_delivery SET due_at = now() WHERE subject = 'second'").run();
    assertEquals(1, send());
    assertEquals(0, send());
  }

  @Test
  void oneThatIsNeverAcceptedHoldsOthersBackForSomeHoursAlone() throws Exception {
    receiver.answer(503);
    add("daily", "run.error", 0);
    assertEquals(1, send());
    add("daily", "run.recovered", 5);
    sql.statement(
            "UPDATE callback_delivery SET attempt = 7, due_at = now() + interval '2 hours'"
                + " WHERE event = 'run.error'")
        .run();
    assertEquals(0, send());
    sql.statement("UPDATE callback_delivery SET attempt = 8 WHERE event = 'run.error'").run();
    receiver.answer(204);
    assertEquals(1, send());
    assertEquals(List.of("run.error", "run.recovered"), arrived());
  }

  @Test
  void aResultThatCanNotBeStoredAtOnceIsStoredSoonAfterwards() throws Exception {
    add("daily", "run.error", 0);
    add("daily", "run.recovered", 5);
    sql.statement("CREATE SEQUENCE tries_for_a_test").run();
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM nextval('tries_for_a_test');
              RAISE EXCEPTION 'The database restarts.' USING ERRCODE = '57P01';
            END $$
            """)
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE INSERT ON callback_attempt FOR EACH ROW
              EXECUTE FUNCTION fails_for_a_test()
            """)
        .run();
    try {
      List<Future<?>> begun = deliverer.begin(100, () -> {});
      Eventually.await(
          "a try to store the result",
          () ->
              sql.statement("SELECT is_called FROM tries_for_a_test")
                  .one(row -> row.flag("is_called")));
      sql.statement("DROP TRIGGER fails ON callback_attempt").run();
      assertEquals(1, awaitAll(begun));
      assertEquals(1, send());
      assertEquals(List.of("run.error", "run.recovered"), arrived());
      assertEquals(List.of("delivered"), states());
    } finally {
      sql.statement("DROP TRIGGER IF EXISTS fails ON callback_attempt").run();
      sql.statement("DROP SEQUENCE tries_for_a_test").run();
    }
  }

  @Test
  void itIsLoggedWhenAChannelBeginsToFailAndWhatIsGivenUp() throws Exception {
    try (LogLines log = new LogLines(ReceiverLog.class)) {
      receiver.answer(503);
      add("daily", "run.error", 0);
      send();
      add("other", "run.error", 1);
      send();
      makeAllDue();
      send();
      assertEquals(1, log.lines().size(), log.lines()::toString);
      String first = log.lines().getFirst();
      assertTrue(first.startsWith("WARN"), first);
      assertTrue(first.contains("the channel team of admin/default (webhook, somewhere)"), first);
      assertTrue(first.contains("The receiver answered 503."), first);

      sql.statement(
              "UPDATE callback_delivery SET attempt = 10, due_at = now() WHERE subject = 'other'")
          .run();
      send();
      String given = log.lines().getLast();
      assertTrue(given.startsWith("WARN") && given.contains("given up after attempt 11"), given);
      receiver.answer(204);
      makeAllDue();
      send();
      assertTrue(log.lines().getLast().startsWith("INFO"), log.lines()::toString);
      receiver.answer(410);
      add("daily", "run.error", 9);
      send();
      String off = log.lines().getLast();
      assertTrue(off.contains("Nothing more is sent to the channel team"), off);
      assertEquals(4, log.lines().size(), log.lines()::toString);
      assertFalse(log.lines().toString().contains("a-secret-path"), log.lines()::toString);
    }
  }

  @Test
  void claimsReadWhatIsPendingByIndexes() {
    sql.statement(
            """
            INSERT INTO callback_delivery (notice_id, channel_id, event, happened_at, message, subject,
              state, ended_at)
            SELECT notice.id, channel.id, 'run.error', now(), '{}', 'daily',
              CASE WHEN number > 100 THEN 'delivered' ELSE 'pending' END,
              CASE WHEN number > 100 THEN now() END
            FROM notice, channel, generate_series(1, 20000) AS number WHERE notice.name = 'order'
            """)
        .run();
    sql.statement("ANALYZE callback_delivery").run();
    String plan =
        String.join(
            "\n",
            sql.statement("EXPLAIN " + DeliveryQueue.CLAIM)
                .with("most_of_one", 4)
                .with("most_in_order", 8)
                .with("most", 16)
                .with("callback_ms", 1000L)
                .with("notice_ms", 1000L)
                .list(row -> row.text("QUERY PLAN")));
    assertFalse(plan.contains("Seq Scan on callback_delivery"), plan);
    assertTrue(plan.contains("callback_delivery_due"), plan);
  }

  private void add(String subject, String event, int minutes) {
    Instant at = TEN.plusSeconds(60L * minutes);
    deliveries.add(
        sql,
        id("notice WHERE name = 'order'"),
        id("channel"),
        null,
        subject,
        new ChannelMessage(
            event, event, at, at, null, null, null, null, List.of(), List.of(), json.object()));
  }

  private UUID id(String of) {
    return sql.statement("SELECT id FROM " + of).one(row -> row.id("id"));
  }

  private void makeAllDue() {
    sql.statement("UPDATE callback_delivery SET due_at = now() WHERE state = 'pending'").run();
  }

  private void letWhatFailedWait() {
    sql.statement(
            "UPDATE callback_delivery SET due_at = now() + interval '1 hour' WHERE attempt > 0")
        .run();
  }

  private int send() throws InterruptedException {
    return awaitAll(deliverer.begin(100, () -> {}));
  }

  private List<String> arrived() {
    return receiver.calls().stream()
        .map(call -> new JsonPath(call.body()).getString("type"))
        .toList();
  }

  private List<String> states() {
    return sql.statement("SELECT DISTINCT state FROM callback_delivery WHERE notice_id IS NOT NULL")
        .list(row -> row.text("state"));
  }
}
