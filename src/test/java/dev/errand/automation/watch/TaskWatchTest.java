package dev.errand.automation.watch;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Deliverer;
import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.schedule.OnTestTime;
import dev.errand.automation.schedule.TestTime;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.runs.event.TaskEvents;
import dev.errand.runs.worker.RequestWorker;
import dev.errand.support.Api;
import dev.errand.support.LogLines;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a task's watch expects, what is told when it does not happen, and when nothing is missed.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TaskWatchTest {
  private static final String TASK = TASKS + "/watched";
  private static final String READY = "ready_every";
  private static final String ENDS = "ends_within";
  private static final String ERRORS = "errors_in_a_row";
  private static final String MISSED = "watch.missed";
  private static final String RECOVERED = "watch.recovered";
  private static final Duration A_DAY_AND_AN_HOUR = Duration.ofHours(25);

  @Inject WatchRows rows;
  @Inject TaskEvents events;
  @Inject RequestWorker worker;
  @Inject Deliverer deliverer;
  @Inject Sql sql;
  @Inject @DatabaseTime TestTime time;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void aTimeAtWhichRunsOfTheTestLieInTheFuture() {
    time.set(Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofDays(10)));
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
    look();
    receiver.close();
    model.close();
  }

  private void register(Map<String, Object> watch) {
    assertTrue(Api.register("watched", "Hello", model, settings(watch)).statusCode() / 100 == 2);
    look();
  }

  private Map<String, Object> settings(Map<String, Object> watch) {
    return Map.of(
        "key",
        "sk-a-key-for-tests-1234",
        "watch",
        watch,
        "max_attempts",
        1,
        "callbacks",
        List.of(Map.of("url", receiver.url("/"), "events", List.of(MISSED, RECOVERED))));
  }

  private static void patch(String settings) {
    api().body("{\"settings\": " + settings + "}").patch(TASK).then().statusCode(200);
  }

  private static void enable(boolean enabled) {
    api().body(Map.of("enabled", enabled)).patch(TASK).then().statusCode(200);
  }

  // A process of its own: the time of a test jumps, and a process would notice.
  private WatchTicker process() {
    return new WatchTicker(rows, events, time);
  }

  private void look() {
    process().tick();
  }

  private void lookAfter(Duration passed) {
    time.pass(passed);
    look();
  }

  private void run(String name, String end) throws InterruptedException {
    model.script(
        _ ->
            end.equals("ready")
                ? ScriptedModel.say("Done.")
                : ScriptedModel.error(401, "invalid_api_key", "No."));
    trigger("watched", name, Map.of()).then().statusCode(201);
    assertTrue(worker.work(Duration.ofSeconds(60)));
    assertEquals(end, api().get(TASK + "/runs/" + name).jsonPath().getString("status"));
  }

  /** The types of the events so far. */
  private List<String> told() {
    return bodies().stream().map(body -> body.getString("type")).toList();
  }

  private List<JsonPath> bodies() {
    try {
      deliverer.work(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    List<JsonPath> bodies = new ArrayList<>();
    receiver.calls().forEach(call -> bodies.add(JsonPath.from(call.body())));
    bodies.sort((one, other) -> one.getString("timestamp").compareTo(other.getString("timestamp")));
    return bodies;
  }

  private void assertTold(String... types) {
    assertEquals(List.of(types), told());
  }

  @Test
  void noReadyRunWithinThePeriodIsToldOnceAndSoIsTheNextReadyOne() throws Exception {
    Instant begin = time.instant();
    register(Map.of(READY, "PT25H"));
    api()
        .get(TASK + "/watch")
        .then()
        .statusCode(200)
        .body("", hasSize(1))
        .body("[0].condition", equalTo(READY))
        .body("[0].expected", equalTo("PT25H"))
        .body("[0].missed_since", nullValue())
        .body("[0].sentence", nullValue());
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    lookAfter(Duration.ofSeconds(31));
    look();
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
    JsonPath data = bodies().getFirst();
    Instant end = begin.plus(A_DAY_AND_AN_HOUR);
    assertEquals("admin/default", data.getString("data.profile"));
    assertEquals("watched", data.getString("data.task"));
    assertEquals(READY, data.getString("data.condition"));
    assertEquals("PT25H", data.getString("data.expected"));
    assertEquals(end.toString(), data.getString("data.since"));
    assertEquals(end.plusSeconds(30), Instant.parse(data.getString("timestamp")));
    String sentence = data.getString("data.reason");
    assertTrue(sentence.startsWith("No run was done within 1 day and 1 hour, since "), sentence);
    api()
        .get(TASK + "/watch")
        .then()
        .body("[0].missed_since", equalTo(end.toString().replace("Z", ".000Z")))
        .body("[0].sentence", equalTo(sentence));

    run("failed", "error");
    time.set(Instant.now().plusSeconds(1));
    look();
    assertTold(MISSED);
    run("late", "ready");
    time.set(Instant.now().plusSeconds(61));
    look();
    lookAfter(Duration.ofSeconds(61));
    assertTold(MISSED, RECOVERED);
    assertEquals(end.toString(), bodies().getLast().getString("data.since"));
    api().get(TASK + "/watch").then().body("[0].missed_since", nullValue());
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED, RECOVERED, MISSED);
  }

  @Test
  void aPeriodThatNobodyLookedAtIsToldThoughALateRunWasQuicker() throws Exception {
    Instant begin = time.instant();
    register(Map.of(READY, "PT25H"));
    run("late", "ready");
    time.set(Instant.now().plusSeconds(1));
    look();
    assertTold(MISSED);
    JsonPath data = bodies().getFirst();
    assertEquals(begin.plus(A_DAY_AND_AN_HOUR).toString(), data.getString("data.since"));
    String reason = data.getString("data.reason");
    assertTrue(reason.contains("; one was at "), reason);
    look();
    assertTold(MISSED, RECOVERED);
    look();
    lookAfter(A_DAY_AND_AN_HOUR.minusMinutes(1));
    assertTold(MISSED, RECOVERED);
    lookAfter(Duration.ofMinutes(2));
    assertTold(MISSED, RECOVERED, MISSED);
  }

  @Test
  void aPeriodThatWasMetMissesNothingHoweverLateTheLookIs() throws Exception {
    time.set(Instant.now().minus(Duration.ofHours(24)));
    register(Map.of(READY, "PT25H"));
    run("in-time", "ready");
    run("another", "ready");
    time.set(Instant.now().plusSeconds(1));
    look();
    assertTold();
  }

  @Test
  void aPeriodOfAPauseIsExcusedThoughARunEndsItsOwn() throws Exception {
    register(Map.of(READY, "PT25H"));
    enable(false);
    time.set(Instant.now().minus(Duration.ofHours(1)));
    enable(true);
    run("after", "ready");
    time.set(Instant.now().plusSeconds(1));
    look();
    look();
    assertTold();
  }

  @Test
  void aRunByHandEndsWhatWasMissedThoughAllSchedulesArePaused() throws Exception {
    register(Map.of(READY, "PT25H"));
    schedule("daily", true);
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
    schedule("daily", false);
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
    run("by-hand", "ready");
    time.set(Instant.now().plusSeconds(61));
    look();
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED, RECOVERED);
    api().get(TASK + "/watch").then().body("[0].missed_since", nullValue());
  }

  @Test
  void aReadyRunBeginsTheNextPeriodAlsoWhenItWasRemovedSince() throws Exception {
    time.set(Instant.now().minus(Duration.ofHours(1)));
    register(Map.of(READY, "PT25H"));
    run("first", "ready");
    time.set(Instant.now().plusSeconds(1));
    look();
    lookAfter(Duration.ofHours(1));
    api().delete(TASK + "/runs/first").then().statusCode(200);
    lookAfter(Duration.ofHours(23).plusMinutes(50));
    assertTold();
    lookAfter(Duration.ofMinutes(11));
    assertTold(MISSED);
  }

  @Test
  void aRunThatIsLiveForTooLongIsToldWhileNothingIsExecuted() throws Exception {
    time.set(Instant.now().minus(Duration.ofHours(1)));
    register(Map.of(ENDS, "PT10M"));
    trigger("watched", "stuck", Map.of()).then().statusCode(201);
    trigger("watched", "also", Map.of()).then().statusCode(201);
    Instant due = Instant.now();
    time.set(due);
    look();
    lookAfter(Duration.ofMinutes(10).minusSeconds(30));
    assertTold();
    lookAfter(Duration.ofSeconds(31));
    lookAfter(Duration.ofMinutes(10));
    assertTold(MISSED);
    JsonPath missed = bodies().getFirst();
    assertEquals(ENDS, missed.getString("data.condition"));
    assertEquals("stuck", missed.getString("data.run"));
    assertTrue(
        missed.getString("data.reason").endsWith("has not ended within 10 minutes."),
        missed::prettify);

    assertTrue(worker.work(Duration.ofSeconds(60)));
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED, RECOVERED);
  }

  @Test
  void aRunForLaterAndOneThatIsRetriedAreNotLateBeforeTheyAreDue() throws Exception {
    time.set(Instant.now().minus(Duration.ofHours(1)));
    register(Map.of(ENDS, "PT10M"));
    api()
        .body(Map.of("scheduled_at", Instant.now().plus(Duration.ofHours(2)).toString()))
        .put(TASK + "/runs/later")
        .then()
        .statusCode(201);
    run("again", "error");
    sql.statement("UPDATE run SET created_at = created_at - interval '1 day' WHERE name = 'again'")
        .run();
    api().post(TASK + "/runs/again/retry").then().statusCode(202);
    time.set(Instant.now());
    look();
    lookAfter(Duration.ofMinutes(9));
    assertTold();
    lookAfter(Duration.ofMinutes(2));
    assertTold(MISSED);
    assertEquals("again", bodies().getFirst().getString("data.run"));
  }

  @Test
  void failuresInARowAreToldWhenTheyAreTooManyUntilARunIsReady() throws Exception {
    time.set(Instant.now().minus(Duration.ofHours(1)));
    register(Map.of(ERRORS, 3));
    run("e1", "error");
    run("e2", "error");
    trigger("watched", "cancelled", Map.of()).then().statusCode(201);
    api().post(TASK + "/runs/cancelled/cancel").then().statusCode(200);
    time.set(Instant.now().plusSeconds(1));
    look();
    assertTold();
    run("e3", "error");
    lookAfter(Duration.ofMinutes(2));
    lookAfter(Duration.ofMinutes(2));
    assertTold(MISSED);
    JsonPath missed = bodies().getFirst();
    assertEquals(3, missed.getInt("data.errors_in_a_row"));
    assertEquals("e3", missed.getString("data.run"));
    assertTrue(
        missed.getString("data.reason").startsWith("3 runs in a row failed, the first at "),
        missed::prettify);

    // They are no longer there, and still nothing was mended.
    for (String run : List.of("e1", "e2", "e3")) {
      api().delete(TASK + "/runs/" + run).then().statusCode(200);
    }
    lookAfter(Duration.ofMinutes(2));
    assertTold(MISSED);
    sql.statement("UPDATE task_watch SET missed_at = now() WHERE missed_at IS NOT NULL").run();
    run("mended", "ready");
    lookAfter(Duration.ofMinutes(2));
    assertTold(MISSED, RECOVERED);
  }

  @Test
  void whatHappenedBeforeTheWatchMissesNothing() throws Exception {
    Api.register("watched", "Hello", model).then().statusCode(201);
    run("e1", "error");
    run("e2", "error");
    time.set(Instant.now().plusSeconds(1));
    register(Map.of(ERRORS, 2, READY, "PT25H"));
    look();
    assertTold();
  }

  @Test
  void aDisabledTaskMissesNothingAndItsFirstPeriodBeginsWhenItIsEnabled() {
    register(Map.of(READY, "PT25H"));
    enable(false);
    look();
    lookAfter(A_DAY_AND_AN_HOUR.multipliedBy(2));
    enable(true);
    look();
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    // However short it was disabled, and nobody looked meanwhile.
    enable(false);
    enable(true);
    look();
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    lookAfter(Duration.ofSeconds(1));
    assertTold(MISSED);
    // It is missed still, though nothing is checked.
    enable(false);
    lookAfter(A_DAY_AND_AN_HOUR);
    enable(true);
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED);
  }

  @Test
  void aPauseOfTheProfileMissesNothing() {
    register(Map.of(READY, "PT25H"));
    String pause = "/api/profiles/~/default/pause";
    lookAfter(Duration.ofHours(24));
    api().put(pause).then().statusCode(200);
    lookAfter(Duration.ofHours(2));
    assertTold();
    api().delete(pause).then().statusCode(204);
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    api().put(pause).then().statusCode(200);
    api().delete(pause).then().statusCode(204);
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
  }

  @Test
  void aTaskWhoseSchedulesAreAllPausedMissesNoReadyRun() throws Exception {
    register(Map.of(READY, "PT25H", ENDS, "PT10M"));
    schedule("daily", true);
    schedule("off", false);
    lookAfter(Duration.ofHours(24));
    schedule("daily", false);
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold();
    schedule("daily", true);
    look();
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    // Another one goes on meanwhile, so nothing begins anew.
    schedule("off", true);
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED);
    // Its runs are watched also while it is paused.
    time.set(Instant.now());
    schedule("daily", false);
    schedule("off", false);
    trigger("watched", "by-hand", Map.of()).then().statusCode(201);
    lookAfter(Duration.ofMinutes(11));
    lookAfter(Duration.ofMinutes(11));
    assertEquals(ENDS, bodies().getLast().getString("data.condition"));
  }

  private static void schedule(String name, boolean enabled) {
    int status =
        api()
            .body(Map.of("cron", "0 9 * * *", "enabled", enabled))
            .put(TASK + "/schedules/" + name)
            .statusCode();
    assertTrue(status == 200 || status == 201, name + ": " + status);
  }

  @Test
  void anotherWatchBeginsAnewAndEndsWhatItNoLongerExpects() {
    register(Map.of(READY, "PT25H", ERRORS, 3));
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
    patch("{\"max_steps\": 5}");
    look();
    assertTold(MISSED);
    patch("{\"watch\": {\"ready_every\": \"P3D\"}}");
    look();
    assertTold(MISSED, RECOVERED);
    assertEquals("PT25H", bodies().getLast().getString("data.expected"));
    lookAfter(Duration.ofDays(3).minusSeconds(1));
    assertTold(MISSED, RECOVERED);
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED, RECOVERED, MISSED);
    assertEquals("PT72H", bodies().getLast().getString("data.expected"));
    patch("{\"watch\": null}");
    api().get(TASK + "/watch").then().body("", hasSize(0));
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED, RECOVERED, MISSED, RECOVERED);
    assertEquals(0, count("SELECT count(*) AS number FROM task_watch"));
  }

  @Test
  void aDeletedTaskIsNoLongerWatched() {
    register(Map.of(READY, "PT25H"));
    api().delete(TASK).then().statusCode(204);
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold();
    assertEquals(0, count("SELECT count(*) AS number FROM task_watch"));
  }

  @Test
  void whatAnotherVersionWritesIsWatched() {
    Api.register("watched", "Hello", model, settings(Map.of(ERRORS, 3))).then().statusCode(201);
    // As a version without watches copies the settings of a task for one that a run makes.
    sql.statement("DELETE FROM task_watch").run();
    sql.statement(
            """
            INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
            SELECT gen_random_uuid(), profile_id, 'made', runner, runner_settings, settings
            FROM task WHERE name = 'watched' AND deleted_at IS NULL
            """)
        .run();
    look();
    api().get(TASKS + "/made/watch").then().body("condition", equalTo(List.of(ERRORS)));
    // And as it replaces one, and does not know what it removes.
    sql.statement("UPDATE task SET settings = '{\"concurrency\": 1}' WHERE name = 'made'").run();
    look();
    assertEquals(0, count("SELECT count(*) AS number FROM task_watch"));
    sql.statement("DELETE FROM task WHERE name = 'made'").run();
  }

  @Test
  void aConditionOfALaterVersionIsLeftAlone() {
    register(Map.of(READY, "PT25H"));
    sql.statement(
            """
            UPDATE task SET settings =
              replace(settings, '"ready_every":"PT25H"', '"ready_every":"weekdays","other":1')
            WHERE name = 'watched' AND deleted_at IS NULL
            """)
        .run();
    lookAfter(A_DAY_AND_AN_HOUR);
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold();
    sql.statement(
            """
            UPDATE task SET settings = replace(settings, '"ready_every":"weekdays"', '"ready_every":"PT25H"')
            WHERE name = 'watched' AND deleted_at IS NULL
            """)
        .run();
    api().get(TASK).then().body("settings.watch.other", equalTo(1));
    patch("{\"max_steps\": 5}");
    api().get(TASK).then().body("settings.watch.other", equalTo(1));
  }

  @Test
  void twoProcessesTellOnce() throws Exception {
    register(Map.of(READY, "PT25H", ENDS, "PT10M", ERRORS, 3));
    time.pass(A_DAY_AND_AN_HOUR);
    CountDownLatch together = new CountDownLatch(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> processes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        WatchTicker process = process();
        processes.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  process.tick();
                  return null;
                }));
      }
      for (Future<?> each : processes) {
        each.get();
      }
    }
    look();
    assertTold(MISSED);
  }

  @Test
  void aTickThatFailsTellsNothingAndTheNextOneDoes() {
    register(Map.of(READY, "PT25H"));
    time.pass(A_DAY_AND_AN_HOUR);
    QuarkusTransaction.begin();
    List<WatchRows.Key> taken = new ArrayList<>();
    process().look(time.instant(), 10, taken);
    assertEquals(1, taken.size());
    QuarkusTransaction.rollback();
    assertTold();
    look();
    assertTold(MISSED);
  }

  @Test
  void aPeriodThatCanNotBeAddedToATimeStopsNoOther() {
    register(Map.of(READY, "PT25H"));
    addTask("made", "PT" + Long.MAX_VALUE + "S");
    look();
    lookAfter(A_DAY_AND_AN_HOUR);
    assertTold(MISSED);
    sql.statement("DELETE FROM task WHERE name = 'made'").run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P0001", "57014"})
  void aConditionThatFailsOrTakesTooLongStopsNoOther(String state) {
    register(Map.of(READY, "PT25H"));
    addTask("made", "PT24H");
    look();
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'It fails.' USING ERRCODE = '%s'; END $$
            """
                .formatted(state))
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE UPDATE ON task_watch FOR EACH ROW
              WHEN (NEW.missed_at IS NOT NULL AND NEW.expected = 'PT24H')
              EXECUTE FUNCTION fails_for_a_test()
            """)
        .run();
    try (LogLines log = new LogLines(WatchTicker.class)) {
      lookAfter(A_DAY_AND_AN_HOUR);
      assertTold(MISSED);
      look();
      assertEquals(
          1,
          log.lines().stream().filter(line -> line.startsWith("ERROR")).count(),
          log.lines()::toString);
    } finally {
      sql.statement("DROP TRIGGER fails ON task_watch").run();
    }
    lookAfter(Duration.ofHours(1));
    assertEquals(2, count("SELECT count(*) AS number FROM task_watch WHERE missed_at IS NOT NULL"));
    sql.statement("DELETE FROM task WHERE name = 'made'").run();
  }

  private void addTask(String name, String period) {
    sql.statement(
            """
            INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
            SELECT gen_random_uuid(), profile_id, :name, runner, runner_settings,
              '{"watch":{"ready_every":"' || :period || '"}}'
            FROM task WHERE name = 'watched' AND deleted_at IS NULL
            """)
        .with("name", name)
        .with("period", period)
        .run();
  }

  @Test
  void aClockThatIsSetForwardMissesNothingAtOnceButDoesInTheEnd() {
    register(Map.of(READY, "PT25H"));
    WatchTicker process = process();
    process.tick();
    time.pass(Duration.ofDays(30));
    process.tick();
    assertTold();
    time.pass(A_DAY_AND_AN_HOUR.minusSeconds(1));
    process.tick();
    assertTold();
    // It jumped again, and there was no ready run meanwhile: a machine may sleep each night.
    time.pass(Duration.ofMinutes(1));
    process.tick();
    assertTold(MISSED);
  }

  @Test
  void aClockThatIsSetBackMissesNothingAtOnceButDoesInTheEnd() {
    register(Map.of(READY, "PT25H", ERRORS, 3));
    Instant before = time.instant();
    for (WatchTicker process : List.of(process(), process())) {
      process.tick();
      time.set(before.minus(Duration.ofDays(3)));
      process.tick();
      assertTold();
    }
    Instant since = time.instant();
    lookAfter(A_DAY_AND_AN_HOUR.minusSeconds(1));
    assertTold();
    lookAfter(Duration.ofMinutes(1));
    assertTold(MISSED);
    assertEquals(
        since.plus(A_DAY_AND_AN_HOUR).toString(), bodies().getFirst().getString("data.since"));
  }

  @Test
  void wrongWatchesAreRefused() {
    for (Map<String, Object> watch :
        List.<Map<String, Object>>of(
            Map.of(READY, "25 o'clock"),
            Map.of(READY, "PT59S"),
            Map.of(READY, "P367D"),
            Map.of(ENDS, "-PT10M"),
            Map.of(ENDS, "P32D"),
            Map.of(ERRORS, 0),
            Map.of(ERRORS, 101),
            Map.of("every", "PT25H"))) {
      String field = "settings.watch." + watch.keySet().iterator().next();
      problem(Api.register("watched", "Hello", model, settings(watch)), 400, "invalid_input")
          .then()
          .body("errors[0].field", equalTo(field));
    }
  }

  @Test
  void anEmptyWatchIsNone() {
    register(Map.of());
    api().get(TASK).then().body("settings.watch", nullValue());
    register(Map.of(READY, "P7D", ENDS, "PT1M", ERRORS, 1));
    api()
        .get(TASK)
        .then()
        .body("settings.watch.ready_every", equalTo("PT168H"))
        .body("settings.watch.ends_within", equalTo("PT1M"))
        .body("settings.watch.errors_in_a_row", equalTo(1));
    patch("{\"watch\": {\"ready_every\": null}}");
    api().get(TASK).then().body("settings.watch.keySet()", hasSize(2));
  }

  private int count(String statement) {
    return sql.statement(statement).one(row -> row.integer("number"));
  }
}
