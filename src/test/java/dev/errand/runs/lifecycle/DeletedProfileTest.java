package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.automation.schedule.ScheduleTicker;
import dev.errand.automation.trigger.Hooks;
import dev.errand.runs.history.RunRetention;
import dev.errand.runs.history.UsageStore;
import dev.errand.support.Api;
import dev.errand.support.Futures;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Profiles are deleted by force while API, schedules and webhooks start runs in them, and old runs
 * are removed and usage is added up.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@Timeout(240)
class DeletedProfileTest {
  private static final String PROFILE = "/api/profiles/~/passing";
  private static final int ROUNDS = 8;
  private static final int STARTS_A_ROUND = 40;
  private static final Set<String> EXPECTED =
      Set.of(
          "200",
          "201",
          "202",
          "404 profile_not_found",
          "404 task_not_found",
          "404 schedule_not_found",
          "410 trigger_gone");

  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<String> hook = new AtomicReference<>();

  @Inject DataSource database;
  @Inject ScheduleTicker schedules;
  @Inject RunRetention retention;
  @Inject UsageStore usage;

  @Test
  void startsInADeletedProfileAreAnsweredThatItIsGone() throws Exception {
    long deadlocks = deadlocks();
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      model.script(request -> say("Done."));
      create(model);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int thread = i;
        all.add(threads.submit(() -> start(thread)));
      }
      all.add(threads.submit(this::fire));
      all.add(threads.submit(this::maintain));
      try {
        for (int round = 0; round < ROUNDS; round++) {
          int enough = starts.get() + STARTS_A_ROUND;
          while (starts.get() < enough) {
            LockSupport.parkNanos(1_000_000);
          }
          expect(api().delete(PROFILE + "?force=true"), "delete", Set.of("204"));
          if (round < ROUNDS - 1) {
            create(model);
            addOld();
          }
        }
      } finally {
        over.set(true);
      }
      assertEquals(10, Futures.awaitAll(all));
    }
    assertEquals(List.of(), unexpected.stream().distinct().toList());
    assertEquals(deadlocks, deadlocks());
    assertEquals(0, number("SELECT count(*) FROM task WHERE name LIKE 'passing-%'"));
    assertEquals(0, number("SELECT count(*) FROM run WHERE task_id NOT IN (SELECT id FROM task)"));
  }

  private void create(ScriptedModel model) {
    expect(api().post(PROFILE), "profile", Set.of("201"));
    for (int i = 0; i < 3; i++) {
      String task = PROFILE + "/tasks/passing-" + i;
      expect(
          api()
              .body(Api.task("Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
              .put(task),
          "task",
          Set.of("201"));
      expect(
          api().body("{\"every\": \"PT1S\"}").put(task + "/schedules/often"),
          "schedule",
          Set.of("201"));
    }
    hook.set(
        api()
            .body("{\"scheme\": \"url\", \"rate_per_minute\": 6000}")
            .put(PROFILE + "/tasks/passing-0/triggers/hook")
            .then()
            .statusCode(201)
            .extract()
            .path("url"));
  }

  private void start(int thread) {
    for (int i = 0; !over.get(); i++) {
      String task = PROFILE + "/tasks/passing-" + i % 3;
      switch ((i + thread) % 4) {
        case 0 -> expect(Hooks.post(hook.get(), "application/json", "{}"), "hook", EXPECTED);
        case 1 -> expect(api().post(task + "/schedules/often/run"), "schedule", EXPECTED);
        default -> expect(api().put(task + "/runs/r-" + thread + "-" + i), "run", EXPECTED);
      }
      starts.incrementAndGet();
    }
  }

  private void fire() {
    while (!over.get()) {
      schedules.tick();
    }
  }

  private void maintain() {
    while (!over.get()) {
      usage.addUp();
      retention.runOnce();
    }
  }

  /** Runs that ended long ago, some of which have their tombstones, and their usage. */
  private void addOld() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          WITH old AS (
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
              attempt, created_at, started_at, finished_at)
            SELECT task.id, profile_id, 'old-' || number, 'ready', '{}', '{}', '{}', 1, at, at, at
            FROM task, generate_series(1, 200) AS number,
              (VALUES (now() - interval '400 days')) AS long_ago (at)
            WHERE task.name LIKE 'passing-%' AND deleted_at IS NULL
            ORDER BY number, task.id
            RETURNING id, task_id, profile_id, name),
          used AS (
            INSERT INTO usage_tally (profile_id, task_id, day, status, usage)
            SELECT profile_id, task_id, current_date - (id % 30)::int, 'ready', '{}' FROM old)
          INSERT INTO run_tombstone (task_id, name, run_id, removed_at)
          SELECT task_id, name, id, now() - interval '1 hour' FROM old WHERE id % 2 = 0
          """);
    }
  }

  private void expect(Response answer, String what, Set<String> expected) {
    int status = answer.statusCode();
    String found = status < 400 ? "" + status : status + " " + answer.path("code");
    if (!expected.contains(found)) {
      unexpected.add(what + ": " + found);
    }
  }

  private long deadlocks() throws SQLException {
    return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
