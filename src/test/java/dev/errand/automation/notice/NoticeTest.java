package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What notices tell of runs, and how often. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticeTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";

  @Inject ChannelRows channels;
  @Inject TaskEvents events;
  @Inject Sql sql;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private volatile boolean fails = true;

  @BeforeEach
  void register() {
    channels.add("default", "team", receiver.url("/team"));
    model.script(
        request ->
            fails
                ? error(404, "model_not_found", "There is no such model.")
                : say("The secret output."));
    Api.register("daily", "The secret prompt", model).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASKS + "/daily?force=true");
    api().delete(TASKS + "/other?force=true");
    api().get(NOTICES).jsonPath().getList("name").forEach(n -> api().delete(NOTICES + "/" + n));
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    receiver.close();
    model.close();
  }

  @Test
  void aRunThatFailsIsTold() {
    put("failures", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");

    assertEquals(List.of("A run of the task daily failed"), titles(1));
    JsonNode message = message();
    assertEquals("run.error", message.path("event").asText());
    assertTrue(message.path("why").asText().contains("model"), message.toString());
    assertEquals(
        "Choose a model that the server has, then retry the run.", message.path("todo").asText());
    assertEquals(
        "http://errand.example/console/admin/default/tasks/daily/runs/monday",
        message.path("url").asText());
    assertEquals(message.path("url"), message.path("data").path("console_url"));
    assertFalse(message.toString().contains("secret"), message.toString());
    Eventually.await(
        "its delivery", () -> "delivered".equals(deliveries("failures").getFirst().get("state")));
    assertEquals(receiver.calls().getFirst().id(), deliveries("failures").getFirst().get("id"));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void aReadyRunIsToldByItsAnswer() {
    fails = false;
    run("before");
    put(
        "answers",
        Map.of(
            "events",
            List.of("run.ready", "run.warnings"),
            "channel",
            "team",
            "tasks",
            List.of("daily")));
    Api.register("other", "The secret prompt", model).then().statusCode(201);
    trigger("other", "monday", Map.of());
    ended("other", "monday");
    run("monday");

    assertEquals(List.of("The answer of the task daily"), titles(1));
    JsonNode message = message();
    assertEquals("run.ready", message.path("event").asText());
    // It is stored with the run alone.
    assertFalse(message.toString().contains("secret"), message.toString());
    Eventually.await(
        "its delivery", () -> "delivered".equals(deliveries("answers").getFirst().get("state")));
    JsonNode sent = json.tree(receiver.calls().getFirst().body());
    assertEquals("run.ready", sent.path("type").asText());
    assertEquals("The secret output.", sent.at("/data/output").asText());
    assertEquals("monday", sent.at("/data/run").asText());
    assertFalse(sent.at("/data/truncated").asBoolean(true));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void anAnswerAfterFailuresIsToldBesideTheirEnd() {
    put(
        "all",
        Map.of("events", List.of("run.ready", "run.error", "run.recovered"), "channel", "team"));
    run("failed-1");
    fails = false;
    run("ready-1");
    assertEquals(
        List.of(
            "A run of the task daily failed",
            "The task daily works again",
            "The answer of the task daily"),
        titles(3));
  }

  @Test
  void theThirdFailureInARowIsToldOnceAndSoIsItsEnd() {
    put(
        "failures",
        Map.of("events", List.of("run.errors_in_a_row", "run.recovered"), "channel", "team"));
    for (int i = 1; i <= 4; i++) {
      run("failed-" + i);
    }
    assertEquals(List.of("3 runs of the task daily failed in a row"), titles(1));
    assertEquals(3, message().path("data").path("failures_in_a_row").asInt());
    assertEquals(
        api().get(TASKS + "/daily/runs/failed-1").path("finished_at"),
        message().path("since").asText());
    fails = false;
    run("ready-1");
    run("ready-2");
    assertEquals(
        List.of("3 runs of the task daily failed in a row", "The task daily works again"),
        titles(2));
    assertEquals("4 runs in a row had failed before.", message().path("why").asText());

    // Two are not enough to tell, so their end is not told either.
    fails = true;
    run("failed-5");
    run("failed-6");
    fails = false;
    run("ready-3");
    assertEquals(2, titles(2).size());
    fails = true;
    run("failed-7");
    run("failed-8");
    run("failed-9");
    assertEquals("3 runs of the task daily failed in a row", titles(3).getLast());
    assertEquals(
        0, deliveries("failures").stream().filter(d -> "run.error".equals(d.get("event"))).count());
  }

  @Test
  void failuresInARowBeginWithTheFirstAlsoWhereTheNoticeIsNewer() {
    run("failed-1");
    run("failed-2");
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    put("counts", Map.of("events", List.of("run.errors_in_a_row"), "channel", "team"));
    String first = api().get(TASKS + "/daily/runs/failed-1").path("finished_at");
    run("failed-3");
    assertEquals(2, titles(2).size());
    for (JsonNode message : messages()) {
      assertEquals(first, message.path("since").asText());
      assertEquals(first, message.path("data").path("since").asText());
      assertTrue(message.path("facts").toString().contains("\"Failures in a row\""));
      assertTrue(message.path("happened_at").asText().compareTo(first) > 0, message.toString());
    }
  }

  @Test
  void timesAreThoseOfTheTasksSchedules() {
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");
    assertEquals(1, titles(1).size());
    assertFalse(message().has("zone"));
    String schedule = TASKS + "/daily/schedules/morning";
    api()
        .body(Map.of("cron", "0 7 1 1 *", "timezone", "Europe/Berlin"))
        .put(schedule)
        .then()
        .statusCode(201);
    run("tuesday");
    assertEquals(2, titles(2).size());
    assertEquals("Europe/Berlin", message().path("zone").asText());
    api()
        .body(Map.of("cron", "0 7 1 1 *", "timezone", "Asia/Tokyo"))
        .put(schedule + "-too")
        .then()
        .statusCode(201);
    run("wednesday");
    assertEquals(3, titles(3).size());
    assertFalse(message().has("zone"));
  }

  @Test
  void aMissOfAWatchNamesTheLastErrorAndItsRun() {
    put("watch", Map.of("events", List.of("watch.missed"), "channel", "team"));
    run("failed-1");
    ObjectNode details = json.object().put("reason", "No run was done within 25 hours.");
    UUID task =
        sql.statement("SELECT id FROM task WHERE name = 'daily' AND deleted_at IS NULL")
            .one(row -> row.id("id"));
    TaskEvent missed = new TaskEvent(task, EventKind.WATCH_MISSED, Instant.now(), details);
    QuarkusTransaction.requiringNew().run(() -> events.publish(List.of(missed)));
    assertEquals(1, titles(1).size());
    JsonNode message = message();
    String error = api().get(TASKS + "/daily/runs/failed-1").path("error.message");
    assertEquals(
        "No run was done within 25 hours. The last error: " + error, message.path("why").asText());
    assertEquals(
        "Choose a model that the server has, then retry the run.", message.path("todo").asText());
    assertEquals(
        "http://errand.example/console/admin/default/tasks/daily/runs/failed-1",
        message.path("url").asText());

    fails = false;
    run("ready-1");
    QuarkusTransaction.requiringNew().run(() -> events.publish(List.of(missed)));
    assertEquals(2, titles(2).size());
    assertEquals("No run was done within 25 hours.", message().path("why").asText());
  }

  @Test
  void eachErrorIsToldAndItsEndOnce() {
    put("each", Map.of("events", List.of("run.error", "run.recovered"), "channel", "team"));
    fails = false;
    run("ready-0");
    fails = true;
    run("failed-1");
    run("failed-2");
    fails = false;
    run("ready-1");
    run("ready-2");
    assertEquals(
        List.of(
            "A run of the task daily failed",
            "A run of the task daily failed",
            "The task daily works again"),
        titles(3));
  }

  @Test
  void aRunByHandThatSucceedsDoesNotHideThatTheScheduleIsPaused() {
    put("each", Map.of("events", List.of("run.error", "run.recovered"), "channel", "team"));
    for (String schedule : List.of("morning", "evening", "off")) {
      api()
          .body(Map.of("cron", "0 0 1 1 *", "enabled", !schedule.equals("off")))
          .put(TASKS + "/daily/schedules/" + schedule)
          .then()
          .statusCode(201);
    }
    pause("morning");
    run("failed-1");
    fails = false;
    run("by-hand-1");
    assertEquals(
        "A run of the task daily succeeded again, but the schedule morning is still paused",
        titles(2).getLast());
    assertEquals("One run had failed before.", message().path("why").asText());
    assertEquals("Resume the schedule morning.", message().path("todo").asText());
    assertEquals(json.tree("[\"morning\"]"), message().path("data").path("paused_schedules"));

    pause("evening");
    fails = true;
    run("failed-2");
    fails = false;
    run("by-hand-2");
    assertEquals(
        "A run of the task daily succeeded again, but the schedules evening, morning are still"
            + " paused",
        titles(4).getLast());
    assertEquals("Resume the schedules evening, morning.", message().path("todo").asText());
  }

  private void pause(String schedule) {
    sql.statement(
            """
            UPDATE schedule SET paused_at = now(), paused_reason = 'It paused itself.', due_at = NULL
            WHERE name = :name
            """)
        .with("name", schedule)
        .update();
  }

  @Test
  void whatANoticeIsNotAboutIsNotTold() {
    Api.register("other", "Hello", model).then().statusCode(201);
    put(
        "of-other",
        Map.of("events", List.of("run.error"), "channel", "team", "tasks", List.of("other")));
    put("off", Map.of("events", List.of("run.error"), "channel", "team", "enabled", false));
    put("of-schedules", Map.of("events", List.of("schedule.paused"), "channel", "team"));
    run("monday");
    // A run that somebody ends is no failure.
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return error(404, "model_not_found", "There is no such model.");
        });
    int asked = model.requests().size();
    trigger("other", "cancelled", Map.of());
    Eventually.await("a request", () -> model.requests().size() > asked);
    api().post(TASKS + "/other/runs/cancelled/cancel").then().statusCode(200);
    assertEquals("cancelled", ended("other", "cancelled").getString("error.code"));
    released.countDown();
    trigger("other", "tuesday", Map.of());
    ended("other", "tuesday");
    assertEquals(List.of("A run of the task other failed"), titles(1));
    assertEquals("tuesday", deliveries("of-other").getFirst().get("run"));
    assertEquals("other", deliveries("of-other").getFirst().get("task"));
  }

  @Test
  void aReadyRunWithWarningsIsTold() {
    put("warnings", Map.of("events", List.of("run.warnings"), "channel", "team"));
    fails = false;
    run("clean");
    endWithWarnings("clean");
    assertEquals(List.of("A run of the task daily ended with warnings"), titles(1));
    assertEquals("Its warnings: tools_failed, max_cost.", message().path("why").asText());
  }

  private void endWithWarnings(String run) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              sql.statement(
                      """
                      UPDATE run SET status = 'running', finished_at = NULL,
                        lease_until = now() + interval '1 hour' WHERE name = :name
                      """)
                  .with("name", run)
                  .update();
              sql.statement(
                      """
                      UPDATE run SET status = 'ready', finished_at = now(), lease_until = NULL,
                        warnings = '{tools_failed,max_cost}' WHERE name = :name
                      """)
                  .with("name", run)
                  .update();
            });
  }

  @Test
  void partsOfARunAreQuotedOnRequestAlone() {
    put("plain", Map.of("events", List.of("run.error", "run.recovered"), "channel", "team"));
    put(
        "quoting",
        Map.of(
            "events",
            List.of("run.recovered"),
            "channel",
            "team",
            "errors_in_a_row",
            2,
            "include",
            List.of("output", "result", "parameters")));
    trigger("daily", "failed", Map.of("word", "x".repeat(3000)));
    ended("daily", "failed");
    run("failed-2");
    fails = false;
    run("ready");
    assertEquals(4, titles(4).size());
    List<JsonNode> quoted =
        sql.statement(
                """
                SELECT notice.name, message FROM callback_delivery
                JOIN notice ON notice.id = notice_id WHERE event = 'run.recovered' ORDER BY 1
                """)
            .list(row -> json.tree(row.text("message")).path("quoted"));
    assertEquals("[]", quoted.getFirst().toString());
    assertEquals(
        "[{\"name\":\"output\",\"value\":\"The secret"
            + " output.\"},{\"name\":\"parameters\",\"value\":\"{}\"}]",
        quoted.getLast().toString());
  }

  @Test
  void whatAnHourHasTooMuchOfIsToldInOneMessage() {
    put("few", Map.of("events", List.of("run.error"), "channel", "team", "at_most_per_hour", 1));
    for (int i = 1; i <= 4; i++) {
      run("failed-" + i);
    }
    assertEquals(List.of("A run of the task daily failed"), titles(1));
    Eventually.await("three", () -> api().get(NOTICES + "/few").path("held").equals(3));
    sql.statement("UPDATE notice_sent SET at = at - interval '1 hour'").run();
    String summary = titles(2).getLast();
    assertTrue(summary.matches("3 more notices of admin/default since .* UTC"), summary);
    JsonNode message = message();
    assertEquals("notices.held", message.path("event").asText());
    assertEquals("daily", message.path("facts").get(0).path("name").asText());
    assertTrue(
        message
            .path("facts")
            .get(0)
            .path("value")
            .asText()
            .startsWith("fails now, 4 runs in a row; a run failed 3 times, last at "),
        message.toString());
    assertEquals(
        "1 task fails now: daily. More happened in an hour than messages are sent in one.",
        message.path("why").asText());
    assertEquals(3, message.path("data").path("held").get(0).path("number").asInt());
    assertEquals(Integer.valueOf(0), api().get(NOTICES + "/few").path("held"));
    assertEquals("failed-4", deliveries("few").getFirst().get("run"), "its depth counts");
  }

  @Test
  void anAddressGetsNoMoreThanItsShareFromAllProfiles() {
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    sql.statement(
            """
            INSERT INTO notice_sent (profile_id, address_digest, notice_id)
            SELECT gen_random_uuid(), address_digest, gen_random_uuid()
            FROM channel, generate_series(1, 20)
            """)
        .run();
    run("monday");
    Eventually.await("it is held", () -> api().get(NOTICES + "/each").path("held").equals(1));
    assertEquals(List.of(), stored());
    sql.statement("DELETE FROM notice_sent").run();
    assertEquals(1, titles(1).size());
  }

  @Test
  void whoKnowsAnAddressDoesNotUseUpTheHourOfOthers() {
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    sent("gen_random_uuid()", 20);
    run("monday");
    assertEquals(1, titles(1).size());
    sent("account_id", 8);
    run("tuesday");
    assertEquals(2, titles(2).size());
    // Half of the hour is theirs where two write to an address.
    run("wednesday");
    Eventually.await("it is held", () -> api().get(NOTICES + "/each").path("held").equals(1));
    assertEquals(2, titles(2).size());
  }

  /** Counts messages to the address of the channel by somebody who owns another profile. */
  private void sent(String owner, int number) {
    sql.statement(
            """
            INSERT INTO notice_sent (profile_id, address_digest, notice_id, owner_id)
            SELECT gen_random_uuid(), address_digest, gen_random_uuid(), owner.id
            FROM channel JOIN profile ON profile.id = profile_id
              CROSS JOIN LATERAL (SELECT %s AS id) AS owner CROSS JOIN generate_series(1, :number)
            """
                .formatted(owner))
        .with("number", number)
        .run();
  }

  @Test
  void whatIsSentAgainCountsAsAMessageOfTheHour() throws Exception {
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");
    assertEquals(1, titles(1).size());
    String again = NOTICES + "/each/deliveries/" + deliveries("each").getFirst().get("id");
    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 30; i++) {
        answers.add(threads.submit(() -> api().post(again + "/redeliver").statusCode()));
      }
    }
    int accepted = 0;
    for (Future<Integer> answer : answers) {
      assertTrue(List.of(202, 429).contains(answer.get()), answer::toString);
      accepted += answer.get() == 202 ? 1 : 0;
    }
    assertEquals(19, accepted, "an address gets 20 messages in an hour");
    Response refused = problem(api().post(again + "/redeliver"), 429, "rate_limited");
    int pause = Integer.parseInt(refused.header("Retry-After"));
    assertTrue(pause > 3000 && pause <= 3600, () -> "Retry-After: " + pause);
    sql.statement("UPDATE notice_sent SET at = at - interval '1 hour'").run();
    api().post(again + "/redeliver").then().statusCode(202);

    api()
        .body(Map.of("events", List.of("run.error"), "channel", "team", "at_most_per_hour", 1))
        .put(NOTICES + "/each")
        .then()
        .statusCode(200);
    problem(api().post(again + "/redeliver"), 429, "rate_limited");
  }

  @Test
  void anAddressThatWantsNoMoreSwitchesItsChannelOff() {
    receiver.answer(410);
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");
    Eventually.await(
        "the refusal", () -> "channel_off".equals(api().get(NOTICES + "/each").path("state")));
    Map<String, Object> failed = deliveries("each").getFirst();
    assertEquals("failed", failed.get("state"));
    problem(
        api().post(NOTICES + "/each/deliveries/" + failed.get("id") + "/redeliver"),
        409,
        "channel_off");
    run("tuesday");
    assertEquals(1, titles(1).size());
    api()
        .get("/api/profiles/~/default/channels/team")
        .then()
        .body("enabled", equalTo(false))
        .body("last_error.at", notNullValue())
        .body("last_error.message", equalTo("The receiver answered 410."));
    api()
        .get("/api/audit?action=channel.refused")
        .then()
        .body("[0].object", equalTo("channels/admin/default/team"))
        .body("[0].actor.user", equalTo("admin"));

    receiver.answer(204);
    sql.statement("UPDATE channel SET disabled_at = NULL").run();
    api()
        .post(NOTICES + "/each/deliveries/" + failed.get("id") + "/redeliver")
        .then()
        .statusCode(202);
    assertEquals(receiver.await(2).getFirst().id(), receiver.await(2).getLast().id());
  }

  @Test
  void whatCanNotBeSentIsTriedAgainUnderTheSameId() {
    receiver.answer(503);
    put("each", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");
    receiver.await(1);
    receiver.answer(204);
    assertEquals(receiver.await(2).getFirst().id(), receiver.await(2).getLast().id());
    Eventually.await(
        "its delivery", () -> "delivered".equals(deliveries("each").getFirst().get("state")));
    assertEquals(
        List.of(503, 204), api().get(NOTICES + "/each/deliveries").path("[0].attempts.status"));
  }

  @Test
  void aChannelThatIsNotConfirmedOrMissingGetsNothing() {
    put(
        "each",
        Map.of("events", List.of("run.errors_in_a_row"), "errors_in_a_row", 2, "channel", "team"));
    sql.statement("UPDATE channel SET confirmed_at = NULL").run();
    assertEquals("channel_unconfirmed", api().get(NOTICES + "/each").path("state"));
    run("failed-1");
    run("failed-2");
    assertEquals(List.of(), titles(0));
    sql.statement("UPDATE channel SET name = 'another'").run();
    assertEquals("channel_missing", api().get(NOTICES + "/each").path("state"));
    run("failed-3");
    assertEquals(List.of(), titles(0));
    sql.statement("UPDATE channel SET name = 'team', confirmed_at = now()").run();
    assertEquals("ready", api().get(NOTICES + "/each").path("state"));
    run("failed-4");
    assertEquals(List.of("4 runs of the task daily failed in a row"), titles(1));
  }

  @Test
  void whatHappensToSchedulesAndWatchesIsTold() {
    put("each", Map.of("events", List.of("schedule.paused", "watch.missed"), "channel", "team"));
    UUID task =
        sql.statement("SELECT id FROM task WHERE name = 'daily' AND deleted_at IS NULL")
            .one(row -> row.id("id"));
    Instant at = Instant.parse("2026-11-29T08:00:00Z");
    ObjectNode details =
        json.object()
            .put(TaskEvent.SCHEDULE, "every morning")
            .put("reason", "10 runs in a row failed.")
            .put("since", "2026-11-28T08:00:00Z");
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                events.publish(
                    List.of(
                        new TaskEvent(task, EventKind.SCHEDULE_PAUSED, at, details),
                        new TaskEvent(task, EventKind.SCHEDULE_MISSED, at, details))));
    assertEquals(
        List.of("The schedule every morning of the task daily has paused itself"), titles(1));
    JsonNode message = message();
    assertEquals("10 runs in a row failed.", message.path("why").asText());
    assertEquals("2026-11-28T08:00:00.000Z", message.path("since").asText());
    assertEquals(
        "http://errand.example/console/admin/default/tasks/daily/schedules/every%20morning",
        message.path("url").asText());
  }

  private void put(String name, Map<String, Object> notice) {
    api().body(notice).put(NOTICES + "/" + name).then().statusCode(201);
  }

  private void run(String name) {
    trigger("daily", name, Map.of());
    ended("daily", name);
  }

  private List<Map<String, Object>> deliveries(String notice) {
    return api().get(NOTICES + "/" + notice + "/deliveries").jsonPath().getList("");
  }

  /** The titles of the deliveries of all notices, the oldest first, once there are that many. */
  private List<String> titles(int number) {
    Eventually.await(number + " deliveries", () -> stored().size() >= number);
    Eventually.await(
        "an empty outbox", () -> !sql.statement("SELECT 1 FROM notice_event").exists());
    return stored();
  }

  private List<String> stored() {
    return sql.statement(
            """
            SELECT message::json ->> 'title' AS title FROM callback_delivery
            WHERE notice_id IS NOT NULL ORDER BY created_at, happened_at
            """)
        .list(row -> row.text("title"));
  }

  private List<JsonNode> messages() {
    return sql.statement("SELECT message FROM callback_delivery WHERE notice_id IS NOT NULL")
        .list(row -> json.tree(row.text("message")));
  }

  private JsonNode message() {
    return json.tree(
        sql.statement(
                """
                SELECT message FROM callback_delivery WHERE notice_id IS NOT NULL
                ORDER BY created_at DESC, happened_at DESC LIMIT 1
                """)
            .one(row -> row.text("message")));
  }
}
