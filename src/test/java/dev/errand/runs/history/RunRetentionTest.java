package dev.errand.runs.history;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.runs.queue.TestRunConfig;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that ended long ago go, and nothing takes their names. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class RunRetentionTest {
  private static final String RUNS = TASKS + "/kept/runs/";

  @Inject RunRetention retention;
  @Inject DataSource database;
  @Inject Sql sql;
  @Inject ToolDefinitions definitions;
  @Inject Scheduler scheduler;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    assertFalse(scheduler.isRunning(), "no pass but the test's");
    register("kept", "Hello", model);
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/kept?force=true");
    model.close();
  }

  @Test
  void anOldRunGoesInTwoStepsAndItsNameStays() {
    run("old");
    run("young");
    letDaysPass("old", 31);
    letDaysPass("young", 29);

    retention.runOnce();
    api().get(RUNS + "old").then().statusCode(200).body("status", equalTo("ready"));
    trigger("kept", "old", Map.of()).then().statusCode(200);

    retention.runOnce();
    api().get(RUNS + "old").then().statusCode(200);

    letAMinutePass();
    assertTrue(retention.runOnce() >= 1);
    problem(api().get(RUNS + "old"), 410, "run_gone");
    problem(api().get(RUNS + "old?wait=60"), 410, "run_gone");
    problem(api().get(RUNS + "old/events"), 410, "run_gone");
    problem(trigger("kept", "old", Map.of()), 410, "run_gone");
    problem(api().body("no JSON").put(RUNS + "old"), 410, "run_gone");
    problem(api().get(RUNS + "older"), 404, "run_not_found");
    assertEquals(List.of("young"), api().get(TASKS + "/kept/runs").jsonPath().getList("name"));
    assertEquals(0, count("FROM run_entry WHERE NOT EXISTS (SELECT FROM run WHERE id = run_id)"));
    api().get(RUNS + "young").then().statusCode(200);
  }

  @Test
  void aRunThatIsNotAtItsEndStaysHoweverOldItIs() {
    run("live");
    letDaysPass("live", 400);
    takeUpAgain("live");
    retention.runOnce();
    letAMinutePass();
    retention.runOnce();
    api().get(RUNS + "live").then().statusCode(200);
    assertEquals(0, count("FROM run_tombstone WHERE name = 'live'"));
  }

  @Test
  void aRunRetriedBetweenTheStepsStaysAndLosesItsTombstone() {
    run("again");
    letDaysPass("again", 31);
    retention.runOnce();
    assertEquals(1, count("FROM run_tombstone WHERE name = 'again'"));
    takeUpAgain("again");
    letAMinutePass();
    retention.runOnce();
    api().get(RUNS + "again").then().statusCode(200);
    assertEquals(0, count("FROM run_tombstone WHERE name = 'again'"));
  }

  @Test
  void noNameStartsASecondRunWhileItsRunIsRemoved() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      names.add("race-" + i);
      run("race-" + i);
      letDaysPass("race-" + i, 31);
    }
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Set<Integer>>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(
            threads.submit(
                () -> {
                  Set<Integer> answers = new HashSet<>();
                  do {
                    for (String name : names) {
                      answers.add(trigger("kept", name, Map.of()).statusCode());
                    }
                  } while (!over.get());
                  return answers;
                }));
      }
      retention.runOnce();
      letAMinutePass();
      retention.runOnce();
      over.set(true);
      for (Future<Set<Integer>> caller : callers) {
        assertTrue(Set.of(200, 410).containsAll(caller.get()), "none is 201");
      }
    }
    for (String name : names) {
      problem(trigger("kept", name, Map.of()), 410, "run_gone");
    }
    assertEquals(0, count("FROM run WHERE name LIKE 'race-%'"));
  }

  @Test
  void manyGoInOnePass() {
    run("sample");
    execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          created_at, started_at, finished_at)
        SELECT task_id, profile_id, 'many-' || i, 'ready', '{}', '{}', '{}', 1,
          now() - interval '31 days', now() - interval '31 days', now() - interval '31 days'
        FROM run, generate_series(1, 1234) AS i WHERE name = 'sample'""");
    // The walk is by number, and stops at the first run that is young.
    execute("UPDATE run SET created_at = now() - interval '31 days'");
    retention.runOnce();
    letAMinutePass();
    assertTrue(retention.runOnce() >= 1234);
    assertEquals(0, count("FROM run WHERE name LIKE 'many-%'"));
    assertEquals(1234, count("FROM run_tombstone WHERE name LIKE 'many-%' AND run_id IS NULL"));
  }

  @Test
  void theNamesOfADeletedTaskAreForgotten() {
    run("forgotten");
    letDaysPass("forgotten", 31);
    retention.runOnce();
    letAMinutePass();
    retention.runOnce();
    assertEquals(1, count("FROM run_tombstone WHERE name = 'forgotten'"));
    api().delete(TASKS + "/kept").then().statusCode(204);
    retention.runOnce();
    assertEquals(0, count("FROM run_tombstone WHERE name = 'forgotten'"));
    register("kept", "Hello", model);
    trigger("kept", "forgotten", Map.of()).then().statusCode(201);
  }

  @Test
  void oneProcessAtATimeRemovesRuns() throws SQLException {
    run("turn");
    letDaysPass("turn", 31);
    try (Connection other = database.getConnection();
        Statement lock = other.createStatement()) {
      // As long as the other's transaction lasts.
      other.setAutoCommit(false);
      Eventually.await(
          "the turn",
          () -> {
            try (ResultSet row =
                lock.executeQuery("SELECT pg_try_advisory_xact_lock(hashtext('run retention'))")) {
              return row.next() && row.getBoolean(1);
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      assertEquals(0, retention.runOnce());
      assertEquals(0, count("FROM run_tombstone WHERE name = 'turn'"));
      other.rollback();
      other.setAutoCommit(true);
    }
    retention.runOnce();
    assertEquals(1, count("FROM run_tombstone WHERE name = 'turn'"));
  }

  @Test
  void aRetentionOfNothingIsRefusedWithItsSetting() {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> new RunRetention(sql, definitions, new TestRunConfig(1, Duration.ZERO)));
    assertTrue(String.valueOf(refused.getMessage()).contains("ERRAND_RUN_RETENTION"));
  }

  private static void run(String name) {
    trigger("kept", name, Map.of()).then().statusCode(201);
    ended("kept", name);
  }

  private void letDaysPass(String name, int days) {
    execute(
        """
        UPDATE run SET created_at = created_at - %1$d * interval '1 day',
          started_at = started_at - %1$d * interval '1 day',
          finished_at = finished_at - %1$d * interval '1 day'
        WHERE name = '%2$s'"""
            .formatted(days, name));
  }

  private void letAMinutePass() {
    execute("UPDATE run_tombstone SET removed_at = removed_at - interval '61 seconds'");
  }

  /** The run waits again, for a day that no worker sees. */
  private void takeUpAgain(String name) {
    execute(
        """
        UPDATE run SET status = 'pending', finished_at = NULL, error_code = NULL,
          error_message = NULL, available_at = now() + interval '1 day'
        WHERE name = '%s'"""
            .formatted(name));
  }

  private void execute(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private int count(String from) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) " + from)) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
