package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.task.TaskReader;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Guards the ticks: however many fire at once, each time starts one run and none is lost. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TwoTicksTest {
  private static final int DUE = 1000;
  private static final UUID FIRST_PROFILE = UUID.fromString("00000000-0000-0000-0000-0000000000a1");
  private static final UUID SECOND_PROFILE =
      UUID.fromString("00000000-0000-0000-0000-0000000000a2");
  private static final UUID FIRST_TASK = UUID.fromString("00000000-0000-0000-0000-0000000000b1");
  private static final UUID SECOND_TASK = UUID.fromString("00000000-0000-0000-0000-0000000000b2");

  @Inject ScheduleFiring firing;
  @Inject Standstills standstills;
  @Inject ScheduleTicker schedules;
  @Inject RunStarter starter;
  @Inject TaskReader tasks;
  @Inject Sql sql;
  @Inject Json json;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  @Test
  void twoProcessesThatFireAThousandSchedulesStartAThousandRuns() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("crowded", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "crowded", DUE, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");

      for (int batch : List.of(7, 50)) {
        int fired = 0;
        CountDownLatch together = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
          List<Future<Integer>> ticks =
              List.of(
                  threads.submit(() -> fireAll(together, batch)),
                  threads.submit(() -> fireAll(together, batch)));
          for (Future<Integer> tick : ticks) {
            fired += tick.get();
          }
        }
        assertEquals(DUE, fired, "each was due once");
        assertEquals(
            DUE,
            count(
                "SELECT count(*) FROM run JOIN task ON task.id = task_id WHERE task.name ="
                    + " 'crowded' AND scheduled_at = '"
                    + time.instant()
                    + "'"));
        assertEquals(
            DUE,
            count(
                "SELECT count(*) FROM schedule JOIN schedule_fire ON schedule_id = id WHERE"
                    + " verdict = 'started' AND scheduled_for = '"
                    + time.instant()
                    + "'"));
        time.pass(Duration.ofHours(1));
      }
      Api.api().delete(Api.TASKS + "/crowded?force=true").then().statusCode(204);
    }
  }

  @Test
  void anotherTickFiresTheSchedulesOfAStalledOne() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("held", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "held", 1, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");

      ScheduleTicker other = new ScheduleTicker(firing, standstills, time);
      DueTurns turns = turns();
      assertThrows(
          RuntimeException.class,
          () ->
              QuarkusTransaction.requiringNew()
                  .run(
                      () -> {
                        assertEquals(
                            1,
                            turns
                                .take(time.instant(), 1, new ArrayList<>(), Duration.ofMillis(200))
                                .size());
                        try (ExecutorService process =
                            Executors.newVirtualThreadPerTaskExecutor()) {
                          process
                              .submit(() -> Eventually.await("a fire", () -> other.fire(10) == 1))
                              .get();
                        } catch (InterruptedException | ExecutionException e) {
                          throw new AssertionError(e);
                        }
                      }));
      assertEquals(
          1,
          count(
              "SELECT count(*) FROM run JOIN task ON task.id = task_id WHERE task.name = 'held'"));
      Api.api().delete(Api.TASKS + "/held?force=true").then().statusCode(204);
    }
  }

  @Test
  void aTickHasManyShortTransactions() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("short", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "short", DUE, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");
      assertEquals(DUE, schedules.tick());

      assertEquals(
          200,
          count(
              "SELECT max(fires) FROM (SELECT count(*) AS fires FROM schedule_fire"
                  + " JOIN schedule ON schedule.id = schedule_id JOIN task ON task.id = task_id"
                  + " WHERE task.name = 'short' GROUP BY schedule_fire.xmin::text) AS each"));
      Api.api().delete(Api.TASKS + "/short?force=true").then().statusCode(204);
    }
  }

  @Test
  void aTickDoesNotWaitForAnother() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService process = Executors.newVirtualThreadPerTaskExecutor()) {
      Api.register("shared", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "shared", 30, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");

      ScheduleTicker other = new ScheduleTicker(firing, standstills, time);
      List<UUID> taken = new ArrayList<>();
      DueTurns turns = turns();
      QuarkusTransaction.requiringNew()
          .run(
              () -> {
                List<UUID> left = firing.fire(time.instant(), turns, 10, taken);
                assertEquals(List.of(), left);
                assertEquals(20, result(process.submit(() -> other.fire(100))));
              });
      assertEquals(10, taken.size());
      assertEquals(
          30,
          count(
              "SELECT count(*) FROM run JOIN task ON task.id = task_id WHERE task.name ="
                  + " 'shared'"));
      Api.api().delete(Api.TASKS + "/shared?force=true").then().statusCode(204);
    }
  }

  @Test
  void ticksWhoseRunsMayNotOverlapDoNotDeadlock() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService process = Executors.newVirtualThreadPerTaskExecutor()) {
      Api.register(
              "alone", "Hello", model, Map.of("key", "sk-a-key-for-tests-1234", "overlap", "skip"))
          .then()
          .statusCode(201);
      // The task of the second profile comes first among the tasks.
      taskAlone(FIRST_PROFILE, SECOND_TASK);
      taskAlone(SECOND_PROFILE, FIRST_TASK);
      time.set("2026-11-24T13:00:00Z");

      List<Future<Integer>> tick = new ArrayList<>();
      QuarkusTransaction.requiringNew()
          .run(
              () -> {
                start(SECOND_TASK);
                tick.add(
                    process.submit(() -> new ScheduleTicker(firing, standstills, time).fire(10)));
                Eventually.await("a tick that waits", () -> waiting() > 0);
                sql.statement("SELECT set_config('lock_timeout', '200ms', true)").run();
                start(FIRST_TASK);
              });
      assertEquals(2, tick.getFirst().get());
      assertEquals(2, count("SELECT count(*) FROM schedule_fire WHERE verdict = 'run_overlaps'"));
      update("DELETE FROM profile WHERE name LIKE 'alone-%'");
      Api.api().delete(Api.TASKS + "/alone?force=true").then().statusCode(204);
    }
  }

  @Test
  void aScheduleThatCanNotBeReadStopsNoOther() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("mixed", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "mixed", 3, "2026-11-24T13:00:00Z");
      update("UPDATE schedule SET retry = 'at noon' WHERE name LIKE '%2'");
      time.set("2026-11-24T13:00:00Z");

      assertEquals(3, fireAll(new CountDownLatch(1), 10));
      String fired =
          "SELECT count(*) FROM schedule JOIN schedule_fire ON schedule_id = id"
              + " WHERE verdict = 'started' AND name LIKE '%20261124%'";
      assertEquals(2, count(fired));
      // It is found again, and fires once it can be read.
      update("UPDATE schedule SET retry = NULL WHERE name LIKE '%2'");
      time.pass(Duration.ofMinutes(1));
      assertEquals(1, fireAll(new CountDownLatch(1), 10));
      assertEquals(3, count(fired));
      Api.api().delete(Api.TASKS + "/mixed?force=true").then().statusCode(204);
    }
  }

  private DueTurns turns() {
    DueTurns turns = firing.turns();
    turns.begin(time.instant(), 1);
    return turns;
  }

  private void start(UUID task) {
    RunStarter.StartedRun run =
        starter.start(
            Objects.requireNonNull(tasks.all(Set.of(task)).get(task)),
            new RunStarter.Order("other", json.object(), null, new RunCause.Api(null), 0));
    assertTrue(run.started());
  }

  private void taskAlone(UUID profile, UUID task) throws SQLException {
    update(
        """
        INSERT INTO profile (id, account_id, name) SELECT '%1$s', account_id, 'alone-%1$s'
        FROM task JOIN profile ON profile.id = profile_id WHERE task.name = 'alone';
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        SELECT '%2$s', '%1$s', 'alone-%2$s', runner, runner_settings, settings
        FROM task WHERE name = 'alone'
        """
            .formatted(profile, task));
    ManySchedules.add(database, "alone-" + task, 1, "2026-11-24T13:00:00Z");
  }

  private long waiting() {
    try {
      return count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T result(Future<T> of) {
    try {
      return of.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private int fireAll(CountDownLatch together, int batch) throws InterruptedException {
    ScheduleTicker process = new ScheduleTicker(firing, standstills, time);
    together.countDown();
    together.await();
    int all = 0;
    // One that finds nothing may have found the other at work on the last of it.
    for (int now = process.fire(batch); now > 0; now = process.fire(batch)) {
      all += now;
    }
    return all;
  }

  private void update(String statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
