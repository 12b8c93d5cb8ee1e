package dev.errand.automation.schedule;

import static dev.errand.automation.schedule.FiredTask.TASK;
import static dev.errand.automation.schedule.FiredTask.put;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.notice.ChannelRows;
import dev.errand.automation.notice.NoticeRouter;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.runs.worker.Worker;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A schedule's run whose model can't be reached is tried again later, and only then fails. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class LaterTryTest {
  private static final Answer DOWN = error(503, "server_error", "The model is down.");
  private static final String DAILY = TASK + "/schedules/daily";
  private static final String RUN = TASK + "/runs/daily@2026-11-24T06:00:00Z";

  private final ScriptedModel model = new ScriptedModel();

  @Inject ScheduleTicker schedules;
  @Inject Worker worker;
  @Inject NoticeRouter notices;
  @Inject ChannelRows channels;
  @Inject Sql sql;
  @Inject @DatabaseTime TestTime time;
  @Inject DataSource database;

  private FiredTask fired;

  @BeforeEach
  void aTaskWhoseModelIsDown() {
    time.set("2026-11-24T05:30:00Z");
    fired = new FiredTask(model, schedules, time, database);
    settings(Map.of("max_attempts", 1));
    model.script(request -> DOWN);
  }

  @AfterEach
  void stop() {
    fired.delete();
    model.close();
  }

  private static void settings(Map<String, Object> settings) {
    api().body(Map.of("settings", settings)).patch(TASK).then().statusCode(200);
  }

  private void fireDaily(Map<String, Object> more) throws Exception {
    put("daily", more).then().statusCode(201);
    fired.tickAt(6);
    work();
  }

  private int work() throws Exception {
    return awaitAll(worker.begin(() -> {}).runs());
  }

  private void letItsTimeCome(Duration wait) throws Exception {
    fired.update("UPDATE run SET available_at = now() WHERE status = 'pending'");
    time.pass(wait);
  }

  private static JsonPath run() {
    return run(RUN);
  }

  private static JsonPath run(String path) {
    return api().get(path).then().statusCode(200).extract().jsonPath();
  }

  private static void assertFailed(JsonPath run) {
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    assertNull(run.get("waiting_for"));
  }

  @Test
  void itIsTriedAgainAfterFiveTwentyAndSixtyMinutesAndThenFails() throws Exception {
    fireDaily(Map.of("cron", "0 6 * * *"));
    List<String> waits = List.of("PT5M", "PT20M", "PT1H");
    for (int tries = 1; tries <= 3; tries++) {
      JsonPath waiting = run();
      assertEquals("pending", waiting.getString("status"), waiting.prettify());
      assertEquals("retry", waiting.getString("waiting_for.kind"));
      assertEquals(tries, waiting.getInt("waiting_for.tries"));
      assertEquals("retry_later", waiting.getString("results[-1].code"), waiting.prettify());
      assertNull(waiting.get("error"));
      assertNull(waiting.get("started_at"));
      Duration wait = Duration.parse(waits.get(tries - 1));
      Duration put =
          Duration.between(
              Instant.parse(waiting.getString("modified_at")),
              Instant.parse(waiting.getString("waiting_for.until")));
      assertTrue(put.compareTo(wait) >= 0, put::toString);
      assertTrue(put.compareTo(wait.multipliedBy(11).dividedBy(10)) <= 0, put::toString);
      String next = time.instant().plus(put).truncatedTo(ChronoUnit.MINUTES).toString();
      assertTrue(
          waiting.getString("results[-1].msg").endsWith(" " + next.substring(11, 16) + " UTC."),
          waiting.prettify());
      assertEquals(0, work(), "it is not due");
      api()
          .get(DAILY)
          .then()
          .body("failures", equalTo(0))
          .body("retrying.run", equalTo("daily@2026-11-24T06:00:00Z"))
          .body("retrying.at", equalTo(waiting.getString("waiting_for.until")));
      assertEquals(
          "failed %s | daily@2026-11-24T06:00:00Z | It tries again at %s"
              .formatted(
                  tries == 1 ? "once" : tries + " times", waiting.getString("waiting_for.until")),
          toldAtHome());

      letItsTimeCome(wait);
      assertEquals(1, work());
    }

    assertFailed(run());
    assertEquals(4, model.requests().size());
    String message = run().getString("error.message");
    assertTrue(message.contains("It was asked 4 times, 1 of them since"), message);
    assertTrue(message.startsWith(URI.create(model.url()).getAuthority() + " "), message);
    api().get(DAILY).then().body("failures", equalTo(1)).body("retrying", nullValue());
    assertEquals("", toldAtHome());
  }

  /** What the home of the profile says of runs that are tried again. */
  private static String toldAtHome() {
    return new Browser(Api.SESSION)
            .open("/console/admin/default")
            .html()
            .select("#now li:has(.why:contains(It tries again at))")
            .stream()
            .map(
                line ->
                    "%s | %s | %s %s"
                        .formatted(
                            line.select(".status").text(),
                            line.select("a").text().replaceFirst("^.* / ", ""),
                            line.select(".why").text().replaceFirst("^.*\\. ", ""),
                            line.select("time").attr("datetime")))
            .collect(Collectors.joining("\n"));
  }

  @Test
  void itGoesOnFromItsLastEntryAndPaysNothingTwice() throws Exception {
    model.script(request -> request.size() == 1 ? call("call-1", "nothing", "{}") : DOWN);
    fireDaily(Map.of("cron", "0 6 * * *"));
    JsonPath waiting = run();
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals(1, waiting.getInt("usage.steps"));

    model.script(request -> say("Done."));
    letItsTimeCome(Duration.ofMinutes(5));
    assertEquals(1, work());
    JsonPath run = run();
    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(2, run.getInt("usage.steps"));
    assertEquals(3, model.requests().size(), "the first answer was not asked for again");
    assertEquals("tool", model.requests().getLast().lastMessage().path("role").asText());
    assertNull(run.get("waiting_for"));
  }

  @Test
  void eachTryAsksAsOftenAsTheFirst() throws Exception {
    settings(Map.of("max_attempts", 2));
    model.script(request -> DOWN.with("Retry-After", "0"));
    fireDaily(Map.of("cron", "0 6 * * *"));
    assertEquals(2, model.requests().size());
    letItsTimeCome(Duration.ofMinutes(5));
    assertEquals(1, work());
    assertEquals(4, model.requests().size());
    assertEquals(2, run().getInt("waiting_for.tries"), run().prettify());
  }

  @Test
  void noTryComesAtTheNextTimeOfTheScheduleOrLater() throws Exception {
    put("daily", Map.of("cron", "0 6,7 * * *")).then().statusCode(201);
    fired.tickAt(6);
    work();
    letItsTimeCome(Duration.ofMinutes(5));
    work();
    letItsTimeCome(Duration.ofMinutes(20));
    work();
    assertFailed(run());
    assertEquals(3, model.requests().size(), "the third wait would end at 07:25");
  }

  @Test
  void aTimeThatIsCaughtUpHasItsOwnBound() throws Exception {
    put("daily", Map.of("cron", "0 * * * *", "missed", "all")).then().statusCode(201);
    fired.tickAt(8);
    work();
    assertFailed(run());
    assertFailed(run(TASK + "/runs/daily@2026-11-24T07:00:00Z"));
    JsonPath last = run(TASK + "/runs/daily@2026-11-24T08:00:00Z");
    assertEquals("pending", last.getString("status"), last.prettify());
  }

  @Test
  void aSingleTimeHasNoBound() throws Exception {
    put("once", oneTime()).then().statusCode(201);
    fired.tickAt(6);
    work();
    letItsTimeCome(Duration.ofDays(2));
    work();
    JsonPath waiting = run(TASK + "/runs/once@2026-11-24T06:00:00Z");
    assertEquals(2, waiting.getInt("waiting_for.tries"), waiting.prettify());
  }

  private static Map<String, Object> oneTime() {
    Map<String, Object> once = new HashMap<>();
    once.put("cron", null);
    once.put("at", "2026-11-24T06:00:00Z");
    return once;
  }

  @Test
  void aScheduleMayWantNoTriesOrOthers() throws Exception {
    fireDaily(Map.of("cron", "0 6 * * *", "retry", "never"));
    assertFailed(run());

    put("other", Map.of("cron", "0 6 * * *", "retry", List.of("90 s"))).then().statusCode(201);
    time.set("2026-11-25T06:00:00Z");
    schedules.tick();
    work();
    String other = TASK + "/runs/other@2026-11-25T06:00:00Z";
    assertEquals(1, run(other).getInt("waiting_for.tries"), run(other).prettify());
    letItsTimeCome(Duration.ofSeconds(90));
    work();
    assertFailed(run(other));
  }

  @Test
  void onlyARunThatAScheduleStartedAtItsTimeIsTriedAgain() throws Exception {
    put("daily", Map.of("cron", "0 6 * * *")).then().statusCode(201);
    String url = api().post(DAILY + "/run").then().statusCode(201).extract().path("url");
    work();
    assertFailed(run(url));
    trigger("fired", "own", Map.of("word", "hi")).then().statusCode(201);
    work();
    assertFailed(run(TASK + "/runs/own"));
  }

  @Test
  void anotherFailureIsNotTriedAgain() throws Exception {
    model.script(request -> error(401, "invalid_api_key", "Wrong key."));
    fireDaily(Map.of("cron", "0 6 * * *"));
    assertEquals("key_refused", run().getString("error.code"), run().prettify());
  }

  @Test
  void aServerThatWantsNoOtherTryGetsNone() throws Exception {
    model.script(request -> DOWN.with("x-should-retry", "false"));
    fireDaily(Map.of("cron", "0 6 * * *"));
    assertFailed(run());
  }

  @Test
  void aRetryByHandIsTheLastTry() throws Exception {
    fireDaily(Map.of("cron", "0 6 * * *", "retry", "never"));
    api().post(RUN + "/retry").then().statusCode(202);
    work();
    assertFailed(run());
  }

  @Test
  void itCanBeCancelledWhileItWaits() throws Exception {
    fireDaily(Map.of("cron", "0 6 * * *"));
    api().post(RUN + "/cancel").then().statusCode(200);
    assertEquals("cancelled", run().getString("error.code"), run().prettify());
    assertNull(run().get("waiting_for"));
    assertEquals(0, work());
    api().get(DAILY).then().body("failures", equalTo(0)).body("retrying", nullValue());
  }

  @Test
  void itHoldsNoSlotWhileItWaits() throws Exception {
    settings(Map.of("concurrency", 1));
    fireDaily(Map.of("cron", "0 6 * * *"));
    model.script(request -> say("Done."));
    trigger("fired", "other", Map.of("word", "hi")).then().statusCode(201);
    assertEquals(1, work());
    assertEquals("ready", run(TASK + "/runs/other").getString("status"));
    assertEquals("pending", run().getString("status"));
  }

  @Test
  void itIsLiveForATaskWhoseRunsMayNotOverlap() throws Exception {
    settings(Map.of("overlap", "skip"));
    fireDaily(Map.of("cron", "0 6 * * *"));
    problem(trigger("fired", "other", Map.of("word", "hi")), 409, "run_overlaps");
  }

  @Test
  void aWorkerThatIsLostDuringALaterTryLosesNoTry() throws Exception {
    fireDaily(Map.of("cron", "0 6 * * *"));
    letItsTimeCome(Duration.ofMinutes(5));
    // As a process leaves it that dies after its claim.
    fired.update(
        "UPDATE run SET status = 'running', attempt = attempt + 1, lease_until = now() - interval"
            + " '1 second', started_at = now() WHERE status = 'pending'");
    assertNull(run().get("waiting_for"));
    fired.update(
        "UPDATE run SET status = 'pending', eligibility = 'eligible', turn = greatest(turn, 1),"
            + " lease_until = NULL WHERE status = 'running'");
    assertNull(run().get("waiting_for"), "it waits for a worker");
    work();
    assertEquals(2, run().getInt("waiting_for.tries"), run().prettify());
  }

  @Test
  void aScheduleOfTheVersionBeforeHasTheDefault() throws Exception {
    put("daily", Map.of("cron", "0 6 * * *", "retry", "never")).then().statusCode(201);
    fired.update("UPDATE schedule SET retry = NULL WHERE name = 'daily'");
    api().get(DAILY).then().body("retry", equalTo(List.of("PT5M", "PT20M", "PT1H")));
  }

  @Test
  void nothingIsHeardOfItBeforeItsEnd() throws Exception {
    settings(Map.of("callbacks", List.of(Map.of("url", model.url() + "/hook"))));
    fireDaily(Map.of("cron", "0 6 * * *", "retry", List.of("10m")));
    assertEquals(0, deliveries());
    letItsTimeCome(Duration.ofMinutes(10));
    work();
    assertEquals(1, deliveries());
  }

  @Test
  void aNoticeTellsOfTheFirstFailedTryIfAskedTo() throws Exception {
    String notice = "/api/profiles/~/default/notices/retries";
    channels.add("default", "team", "http://127.0.0.1:9/team");
    api()
        .body(Map.of("events", List.of("run.retrying"), "channel", "team"))
        .put(notice)
        .then()
        .statusCode(201);
    try {
      fireDaily(Map.of("cron", "0 6 * * *", "retry", List.of("10m", "20m")));
      notices.addDeliveries(Duration.ofMinutes(1));
      JsonPath first = run();
      letItsTimeCome(Duration.ofMinutes(10));
      work();
      notices.addDeliveries(Duration.ofMinutes(1));
      assertEquals(2, run().getInt("waiting_for.tries"), run().prettify());

      List<JsonPath> told =
          sql.statement("SELECT message FROM callback_delivery WHERE notice_id IS NOT NULL")
              .list(row -> JsonPath.from(row.text("message")));
      assertEquals(1, told.size(), "the second failure is no news");
      JsonPath message = told.getFirst();
      assertEquals("run.retrying", message.getString("event"), message.prettify());
      assertEquals(
          "A run of the task fired failed once, and is tried again", message.getString("title"));
      assertEquals(first.getString("results[-1].msg"), message.getString("why"));
      assertEquals("daily@2026-11-24T06:00:00Z", message.getString("data.run"));
      Instant next = Instant.parse(first.getString("waiting_for.until"));
      assertEquals(
          next.truncatedTo(ChronoUnit.SECONDS).toString(), message.getString("data.retries_at"));
      assertTrue(
          message.getString("url").contains("/tasks/fired/runs/daily%402026"), message.prettify());
    } finally {
      api().delete(notice);
      channels.remove();
    }
  }

  private long deliveries() {
    return sql.statement(
            """
            SELECT count(*) AS kept FROM callback_delivery
            JOIN task_callback AS callback ON callback.id = callback_id
            JOIN task ON task.id = task_id WHERE task.name = 'fired' AND deleted_at IS NULL
            """)
        .one(row -> row.number("kept"));
  }

  @Test
  void theWaitsAreShownAsTheyAreKept() {
    put("daily", Map.of())
        .then()
        .statusCode(201)
        .body("retry", equalTo(List.of("PT5M", "PT20M", "PT1H")));
    put("daily", Map.of("retry", List.of("10m", "2 hours", "1 day")))
        .then()
        .statusCode(200)
        .body("retry", equalTo(List.of("PT10M", "PT2H", "PT24H")));
    put("daily", Map.of("retry", "never")).then().body("retry", equalTo("never"));
    api().body("{\"missed\": \"last\"}").patch(DAILY).then().body("retry", equalTo("never"));
    api().body("{\"retry\": null}").patch(DAILY).then().body("retry", hasSize(3));
  }

  @Test
  void otherWaitsAreRefused() {
    for (Object wrong :
        List.of(
            "always",
            List.of(),
            5,
            Map.of(),
            List.of("PT0S"),
            List.of("PT25H"),
            List.of("PT1.5S"),
            List.of("soon"),
            List.of(5),
            List.of("1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m", "1m"))) {
      problem(put("daily", Map.of("retry", wrong)), 400, "invalid_input");
    }
    problem(put("daily", Map.of("retry", List.of("PT5M", "x"))), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("retry[1]"));
  }
}
