package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.channel.MailConfig;
import dev.errand.automation.delivery.Deliverer;
import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.LogLines;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is decided or sent in the background here: the test does all of it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TwoRoutersTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";

  @Inject ChannelRows channels;
  @Inject NoticeRouter router;
  @Inject NoticeLimits limits;
  @Inject Deliverer deliverer;
  @Inject MailConfig mail;
  @Inject Sql sql;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void register() {
    sql.statement("DELETE FROM notice_event").run();
    channels.add("default", "team", "http://127.0.0.1:9/");
    model.script(request -> error(404, "model_not_found", "There is no such model."));
    Api.register("daily", "Hello", model).then().statusCode(201);
    api()
        .body(Map.of("events", List.of("run.error"), "channel", "team"))
        .put(NOTICES + "/each")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    sql.statement("DROP TRIGGER IF EXISTS fails ON callback_delivery").run();
    api().delete(TASKS + "/daily?force=true");
    api().delete(NOTICES + "/each");
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    sql.statement("DELETE FROM account WHERE username LIKE 'routers-%'").run();
    model.close();
  }

  @Test
  void whatFailsHalfWayIsDecidedOnOnceAfterwards() {
    for (int i = 0; i < 5; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    failAt("r3", "57P01");
    assertThrows(DatabaseException.class, this::route);
    assertEquals(0, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(0, number("notice_sent"));
    assertEquals(5, number("notice_event"));

    sql.statement("DROP TRIGGER fails ON callback_delivery").run();
    route();
    route();
    assertEquals(5, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(0, number("notice_event"));
  }

  @Test
  void anEventThatCanNotBeDecidedOnDoesNotStopOthers() {
    for (int i = 0; i < 5; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    failAt("r3", "P0001");
    route();
    assertEquals(
        List.of("r0", "r1", "r2", "r4"),
        sql.statement(
                """
                SELECT run.name FROM callback_delivery JOIN run ON run.id = run_id
                WHERE notice_id IS NOT NULL ORDER BY 1
                """)
            .list(row -> row.text("name")));
    assertEquals(0, number("notice_event"));
  }

  @Test
  void whatANewerVersionTellsOfWaitsForItADay() {
    sql.statement(
            """
            INSERT INTO notice_event (profile_id, event, happened_at)
            SELECT id, 'run.tickled', now() FROM profile WHERE name = 'default' LIMIT 1
            """)
        .run();
    trigger("daily", "r0", Map.of());
    ended("daily", "r0");
    route();
    route();
    assertEquals(List.of("run.error"), told());
    assertEquals(1, number("notice_event"));

    sql.statement("UPDATE notice_event SET noted_at = noted_at - interval '25 hours'").run();
    try (LogLines log = new LogLines(NoticeRouter.class)) {
      route();
      assertEquals(
          List.of(
              "WARN 1 events of the type run.tickled have waited for a day, and are not told any"
                  + " more."),
          log.lines());
    }
    assertEquals(0, number("notice_event"));
  }

  @Test
  void whatIsHeldOfARunThatIsGoneIsToldWithoutIt() {
    put(Map.of("events", List.of("run.error"), "channel", "team", "at_most_per_hour", 1));
    for (int i = 0; i < 3; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    route();
    assertEquals(1, number("notice_held"));
    sql.statement("DELETE FROM run WHERE name = 'r2'").run();
    sql.statement("UPDATE notice_sent SET at = at - interval '1 hour'").run();
    Eventually.await(
        "all is told",
        () -> {
          route();
          return number("notice_held") == 0;
        });
    assertEquals(0, number("notice_event"));
    assertEquals(1, number("callback_delivery WHERE event = 'notices.held' AND run_id IS NULL"));
  }

  @Test
  void eventsOfAProfileThatIsBeingDeletedWait() throws Exception {
    trigger("daily", "r0", Map.of());
    ended("daily", "r0");
    try (Connection deletion = database.getConnection();
        Statement lock = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      lock.execute("SELECT id FROM profile FOR UPDATE");
      route();
      assertEquals(1, number("notice_event"));
      deletion.rollback();
      deletion.setAutoCommit(true);
    }
    route();
    assertEquals(0, number("notice_event"));
    assertEquals(1, number("callback_delivery WHERE notice_id IS NOT NULL"));
  }

  @Test
  void anOlderRunDoesNotEndNewerFailures() {
    put(
        Map.of(
            "events",
            List.of("run.errors_in_a_row", "run.recovered"),
            "errors_in_a_row",
            2,
            "channel",
            "team"));
    for (int i = 0; i < 3; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    route();
    assertEquals(List.of("run.errors_in_a_row"), told());
    becomesReady("r0");
    route();
    assertEquals(List.of("run.errors_in_a_row"), told());
    becomesReady("r2");
    route();
    assertEquals(List.of("run.errors_in_a_row", "run.recovered"), told());
  }

  @Test
  void failuresAfterAReadyRunThatWasNotSeenAreToldAnew() {
    put(Map.of("events", List.of("run.errors_in_a_row"), "errors_in_a_row", 2, "channel", "team"));
    for (int i = 0; i < 3; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
    }
    route();
    becomesReady("r2");
    sql.statement("DELETE FROM notice_event").run();
    for (int i = 3; i < 5; i++) {
      trigger("daily", "r" + i, Map.of());
      ended("daily", "r" + i);
      route();
    }
    assertEquals(List.of("run.errors_in_a_row", "run.errors_in_a_row"), told());
  }

  @Test
  void eventsOfDaysAgoAreNoNews() {
    trigger("daily", "r0", Map.of());
    ended("daily", "r0");
    sql.statement("UPDATE notice_event SET noted_at = now() - interval '25 hours'").run();
    route();
    assertEquals(0, number("notice_event"));
    assertEquals(0, number("callback_delivery WHERE notice_id IS NOT NULL"));
  }

  @Test
  void aMessageThatCanNotBeReadIsAFailedAttempt() throws Exception {
    trigger("daily", "r0", Map.of());
    ended("daily", "r0");
    route();
    sql.statement("UPDATE callback_delivery SET message = '[]' WHERE notice_id IS NOT NULL").run();
    deliverer.work(Duration.ofMinutes(1));
    assertEquals(
        List.of("The service could not prepare the message; its log says why."),
        sql.statement("SELECT error FROM callback_attempt").list(row -> row.text("error")));
    assertEquals(
        1,
        number(
            """
            callback_delivery
            WHERE state = 'pending' AND lease_until IS NULL AND due_at > now()\
            """));
  }

  @Test
  void anAddressThatTheChannelNoLongerHasDoesNotSwitchItOff() throws Exception {
    try (Receiver receiver = new Receiver()) {
      receiver.answer(410);
      channels.remove();
      channels.add("default", "team", receiver.url("/team"));
      trigger("daily", "r0", Map.of());
      ended("daily", "r0");
      route();
      sql.statement(
              """
              CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN UPDATE channel SET address_digest = 'other'; RETURN NULL; END $$
              """)
          .run();
      sql.statement(
              """
              CREATE TRIGGER fails AFTER UPDATE OF attempt ON callback_delivery FOR EACH ROW
                EXECUTE FUNCTION fails_for_a_test()
              """)
          .run();
      deliverer.work(Duration.ofMinutes(1));
      assertEquals(1, receiver.calls().size());
      assertEquals(1, number("channel WHERE disabled_at IS NULL"));
      assertEquals(1, number("callback_delivery WHERE state = 'failed'"));
    }
  }

  @Test
  void aDeliveryIsClaimedForLongerThanItsMessageMayTake() throws Exception {
    List<Integer> seconds = new ArrayList<>();
    try (Receiver receiver = new Receiver()) {
      receiver.script(
          call -> {
            seconds.add(
                sql.statement(
                        """
                        SELECT floor(extract(epoch FROM lease_until - now()))::integer AS seconds
                        FROM callback_delivery WHERE lease_until IS NOT NULL
                        """)
                    .one(row -> row.integer("seconds")));
            return new Receiver.Reply(200, "", "");
          });
      channels.remove();
      channels.add("default", "team", receiver.url("/team"));
      trigger("daily", "r0", Map.of());
      ended("daily", "r0");
      route();
      deliverer.work(Duration.ofMinutes(1));
    }
    assertEquals(1, seconds.size());
    // A message may first wait for a connection to the mail server.
    assertTrue(seconds.getFirst() > mail.timeout().plusSeconds(10).toSeconds(), seconds::toString);
  }

  @Test
  void withoutTimeNothingIsAdded() {
    trigger("daily", "r0", Map.of());
    ended("daily", "r0");
    router.addDeliveries(Duration.ZERO);
    assertEquals(1, number("notice_event"));
  }

  @Test
  void severalProcessesTellEachEventOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 15; i++) {
        trigger("daily", "r" + i, Map.of());
        ended("daily", "r" + i);
        List<Future<?>> routers = new ArrayList<>();
        for (int j = 0; j < 4; j++) {
          routers.add(threads.submit(this::route));
        }
        for (Future<?> one : routers) {
          one.get();
        }
      }
    }
    route();
    assertEquals(15, number("callback_delivery WHERE notice_id IS NOT NULL"));
    assertEquals(
        15,
        number("(SELECT DISTINCT run_id FROM callback_delivery WHERE notice_id IS NOT NULL) AS d"));
  }

  @Test
  void anAddressGetsNoMoreHoweverManyOwnersWriteToIt() {
    byte[] address = {1, 2, 3};
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      NoticeSnapshot notice = noticeOf("routers-" + i);
      NoticeSnapshot.Target target =
          new NoticeSnapshot.Target(UUID.randomUUID(), address, true, false, null);
      int number = 0;
      while (limits.take(sql, notice, target)) {
        number++;
      }
      sent.add(number);
    }
    assertEquals(List.of(20, 10, 6, 5, 4, 3, 2, 2, 2, 2), sent.subList(0, 10));
    assertEquals(66, sent.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void ownersOfWhatIsHeldBackTakeTurns() {
    hold("old-1", null, 9);
    hold("old-2", null, 8);
    hold("old-3", null, 7);
    hold("new", noticeOf("routers-other").profileId(), 1);
    List<String> names =
        limits.releasable(sql).stream()
            .map(
                id ->
                    sql.statement("SELECT name FROM notice WHERE id = :id")
                        .with("id", id)
                        .one(row -> row.text("name")))
            .toList();
    assertEquals(List.of("old-1", "new", "old-2", "old-3"), names);
    sql.statement("DELETE FROM notice WHERE name <> 'each'").run();
  }

  /** A notice of another user's profile. */
  private NoticeSnapshot noticeOf(String user) {
    OtherUser.named(user, database);
    UUID profile =
        sql.statement(
                """
                SELECT profile.id FROM profile JOIN account ON account.id = account_id
                WHERE username = :user
                """)
            .with("user", user)
            .one(row -> row.id("id"));
    Instant now = Instant.now();
    return new NoticeSnapshot(
        UUID.randomUUID(),
        profile,
        "some",
        new NoticeSettings(List.of(), "team", null, 3, null, List.of(), true),
        now,
        now,
        0,
        null);
  }

  /**
   * Holds back what happened some minutes ago.
   *
   * @param profile the profile of the notice, which gets it; null for that of the test's notice
   */
  private void hold(String name, @Nullable UUID profile, int minutes) {
    sql.statement(
            """
            INSERT INTO channel (id, profile_id, name, kind, address_sealed, secret_sealed,
              address_hint, address_digest, confirmed_at)
            SELECT gen_random_uuid(), :profile, name, kind, address_sealed, secret_sealed,
              address_hint, address_digest, confirmed_at
            FROM channel WHERE :profile::uuid IS NOT NULL LIMIT 1
            """)
        .with("profile", profile)
        .run();
    sql.statement(
            """
            WITH made AS (
              INSERT INTO notice (id, profile_id, name, events, channel, errors_in_a_row, include,
                enabled, created_at, modified_at)
              SELECT gen_random_uuid(), coalesce(:profile, profile_id), :name, events, channel,
                errors_in_a_row, include, true, now(), now() FROM notice WHERE name = 'each'
              RETURNING id)
            INSERT INTO notice_held (notice_id, subject, event, number, first_at, last_at)
            SELECT id, 'daily', 'run.error', 1, now() - :minutes * interval '1 minute', now()
            FROM made
            """)
        .with("profile", profile)
        .with("name", name)
        .with("minutes", minutes)
        .run();
  }

  private void route() {
    router.addDeliveries(Duration.ofMinutes(1));
  }

  /** Has the database refuse deliveries of a run. */
  private void failAt(String run, String state) {
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'It fails.' USING ERRCODE = '%s'; END $$
            """
                .formatted(state))
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE INSERT ON callback_delivery FOR EACH ROW
              WHEN (NEW.message LIKE '%%"run":"%s"%%') EXECUTE FUNCTION fails_for_a_test()
            """
                .formatted(run))
        .run();
  }

  private void becomesReady(String run) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              sql.statement(
                      """
                      UPDATE run SET status = 'running', finished_at = NULL,
                        error_code = NULL, error_message = NULL,
                        lease_until = now() + interval '1 hour' WHERE name = :name
                      """)
                  .with("name", run)
                  .update();
              sql.statement(
                      """
                      UPDATE run SET status = 'ready', finished_at = clock_timestamp(),
                        lease_until = NULL
                      WHERE name = :name
                      """)
                  .with("name", run)
                  .update();
            });
  }

  private static void put(Map<String, Object> notice) {
    api().body(notice).put(NOTICES + "/each").then().statusCode(200);
  }

  private List<String> told() {
    return sql.statement(
            """
            SELECT event FROM callback_delivery WHERE notice_id IS NOT NULL
            ORDER BY created_at, event
            """)
        .list(row -> row.text("event"));
  }

  private int number(String of) {
    return sql.statement("SELECT count(*) AS n FROM " + of).one(row -> row.integer("n"));
  }
}
