package dev.errand.automation.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.schedule.OnTestTime;
import dev.errand.automation.schedule.TestTime;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a look at watches costs the database depends on what is due, not on how much there is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class WatchPlanTest {
  private static final String EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, SUMMARY OFF) ";
  private static final List<String> TABLES = List.of("task_watch", "task", "run", "schedule");
  private static final int TASKS = 2000;
  private static final int RUNS_OF_EACH = 9;
  private static final int BATCH = 500;

  @Inject Sql sql;
  @Inject DataSource database;
  @Inject WatchTicker watches;
  @Inject @DatabaseTime TestTime time;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void manyWatchedTasks() {
    // It would take statistics at some time while these rows are inserted or read.
    setOfTables("SET (autovacuum_enabled = false)");
    Api.register("many", "Hello", model).then().statusCode(201);
    sql.statement(
            """
            INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
            SELECT gen_random_uuid(), profile_id, 'many-' || number, runner, runner_settings,
              '{"watch":{"ready_every":"PT25H","ends_within":"PT10M","errors_in_a_row":3}}'
            FROM task, generate_series(1, :tasks) AS number WHERE name = 'many' AND deleted_at IS NULL
            """)
        .with("tasks", TASKS)
        .run();
    sql.statement(
            """
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
              started_at, finished_at, error_code, error_message)
            SELECT id, profile_id, 'run-' || number, CASE WHEN number % 3 = 0 THEN 'ready' ELSE 'error' END,
              '{}', '{}', '{}', 1, now(), now(), CASE WHEN number % 3 <> 0 THEN 'internal' END,
              CASE WHEN number % 3 <> 0 THEN 'No.' END
            FROM generate_series(1, :runs) AS number, task WHERE task.name LIKE 'many-%'
            """)
        .with("runs", RUNS_OF_EACH)
        .run();
  }

  @AfterEach
  void tidyUp() {
    sql.statement("DELETE FROM run WHERE name LIKE 'run-%'").run();
    sql.statement("DELETE FROM task WHERE name LIKE 'many-%'").run();
    Api.api().delete(Api.TASKS + "/many?force=true").then().statusCode(204);
    setOfTables("RESET (autovacuum_enabled)");
    model.close();
  }

  private void setOfTables(String what) {
    TABLES.forEach(table -> sql.statement("ALTER TABLE " + table + " " + what).run());
  }

  // As before a table's first ANALYZE: what other tests left is not what a new service has.
  private void forgetStatistics() throws SQLException {
    try (Connection superuser = TestDatabase.superuser(database);
        Statement statement = superuser.createStatement()) {
      for (String table : TABLES) {
        String its = " = '" + table + "'::regclass";
        statement.execute("DELETE FROM pg_statistic WHERE starelid" + its);
        statement.execute("UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid" + its);
      }
    }
  }

  @Test
  void aLookReadsWhatIsDueByIndexes() throws SQLException {
    for (boolean hasStatistics : List.of(false, true)) {
      if (hasStatistics) {
        sql.statement("ANALYZE " + String.join(", ", TABLES)).run();
      } else {
        forgetStatistics();
      }
      String due =
          plan(
              sql.statement(EXPLAIN + WatchRows.DUE)
                  .with("now", Instant.now())
                  .with("most", BATCH));
      assertTrue(due.contains("Index Scan using task_watch_due"), due);
      assertFalse(due.contains("Sort"), due);
      assertFalse(due.contains("Seq Scan on task_watch"), due);

      List<UUID> tasks = new ArrayList<>();
      List<String> conditions = new ArrayList<>();
      sql.statement("SELECT task_id, condition FROM task_watch LIMIT " + BATCH)
          .each(
              row -> {
                tasks.add(row.id("task_id"));
                conditions.add(row.text("condition"));
              });
      String facts =
          plan(
              sql.statement(EXPLAIN + WatchRows.FACTS)
                  .with("task_id", "uuid", tasks)
                  .with("condition", "text", conditions)
                  .with("now", Instant.now()));
      assertFalse(facts.contains("Seq Scan on run"), facts);
      assertFalse(facts.contains("Seq Scan on task"), facts);
      assertTrue(facts.contains("run_listed"), facts);
    }
  }

  @Test
  void oneTickLooksAtAll() {
    watches.tick();
    assertEquals(0, due());
  }

  private int due() {
    return sql.statement("SELECT count(*) AS due FROM task_watch WHERE due_at <= :now")
        .with("now", time.instant())
        .one(row -> row.integer("due"));
  }

  private static String plan(SqlStatement explain) {
    return String.join("\n", explain.list(row -> row.text("QUERY PLAN")));
  }
}
