package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.runs.queue.RunStatuses;
import dev.errand.support.QueryPlans;
import dev.errand.support.QueryPlans.Plan;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is asked of the table of runs costs the same, however many have ended. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunListPlansTest {
  // -Druns=1000000 for the full measure, which takes more than a minute to fill.
  private static final int RUNS = Integer.getInteger("runs", 200_000);
  private static final int PART = 20_000;
  private static final int PAGE = 51;
  private static final String LARGE = "00000000-0000-0000-0000-000000000001";
  private static final String SMALL = "00000000-0000-0000-0000-000000000002";
  private static final String OLD = "00000000-0000-0000-0000-000000000003";
  private static final String NEWEST = "-9223372036854775807";
  private static final String LAST_FEW = "-10";

  @Inject DataSource database;

  @Test
  void aPageOfAListReadsAPageOfAnIndex() throws Exception {
    String failures = failuresInARow();
    QueryPlans.inEachMode(
        database,
        List.of("run"),
        RunListPlansTest::fill,
        plans -> {
          for (String status : List.of("pending", "running", "ready", "error")) {
            for (String task : List.of(LARGE, SMALL, OLD)) {
              check(plans, task, "{" + status + "}", NEWEST);
              check(plans, task, "{" + status + "}", "-" + RUNS / 2);
              check(plans, task, "{" + status + "}", LAST_FEW);
            }
          }
          for (String task : List.of(LARGE, SMALL, OLD)) {
            check(plans, task, "{pending,running,ready,error}", NEWEST);
            check(plans, task, "{ready,error}", "-" + RUNS / 2);
          }
          checkAnswersBefore(plans);
          checkByHand(plans);
          for (String task : List.of(LARGE, SMALL, OLD)) {
            checkFailures(plans, failures, task);
          }
        });
  }

  /**
   * A task with many runs, nearly all of them ready; one that ran long ago only; and one with few
   * runs, all of them new.
   */
  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          started_at, finished_at)
        SELECT '%1$s', '%1$s', 'daily@' || i, 'ready', '{}', '{}', '{}', 1, now(), now()
        FROM unnest(ARRAY['1', '2', '3', 'manual-1', 'manual-2']) AS i"""
            .formatted(LARGE));
    // In parts: a statement that takes longer than the socket's timeout loses its connection.
    for (int from = 1; from <= RUNS; from += PART) {
      statement.execute(
          """
          INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
            attempt, started_at, finished_at, error_code, error_message)
          SELECT CASE WHEN i < %1$d / 10 THEN '%3$s' ELSE '%2$s' END::uuid, '%2$s', 'run-' || i,
            CASE WHEN i %% (%1$d / 20) = 0 THEN 'error' ELSE 'ready' END, '{}', '{}', '{}', 1,
            now(), now(), CASE WHEN i %% (%1$d / 20) = 0 THEN 'timeout' END,
            CASE WHEN i %% (%1$d / 20) = 0 THEN 'It took too long.' END
          FROM generate_series(%4$d, least(%1$d, %5$d)) AS i"""
              .formatted(RUNS, LARGE, OLD, from, from + PART - 1));
    }
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger)
        SELECT task::uuid, '%1$s', 'new-' || i, '{}', '{}', '{}'
        FROM generate_series(1, 3) AS i, unnest(ARRAY['%1$s', '%2$s']) AS task"""
            .formatted(LARGE, SMALL));
  }

  private static void check(QueryPlans plans, String task, String statuses, String before)
      throws Exception {
    Plan plan =
        plans.plan(
            ArchiveStatements.list(PAGE, ListedRuns.CUT),
            Map.of(
                "statuses", "'" + statuses + "'::text[]",
                "task_id", "'" + task + "'::uuid",
                "before", before + "::bigint",
                "most_bytes", "8388608::bigint"));
    // A bitmap of the last few rows is as good as an index in order, and the sample of the
    // statistics decides which of them is chosen. What is read is bounded below.
    boolean inOrder = !before.equals(LAST_FEW);
    if (inOrder) {
      checkIndexes(plan);
    } else {
      assertFalse(plan.has("Seq Scan"), plan.text());
      assertEquals(0, plan.removed(), plan.text());
    }
    int pages = statuses.split(",").length;
    for (JsonNode node : plan.nodes()) {
      assertTrue(Plan.rows(node) <= (long) pages * PAGE, plan.text());
    }
    assertTrue(
        plan.nodes().stream()
            .map(n -> n.path("Node Type").asText())
            .anyMatch(n -> n.equals("Index Scan") || (!inOrder && n.equals("Bitmap Index Scan"))),
        plan.text());
    assertTrue(plan.blocks() < 40L + 2L * pages * PAGE, plan.text());
  }

  // The schedule's runs are the oldest of a task with many that are newer.
  private static void checkAnswersBefore(QueryPlans plans) throws Exception {
    Plan plan =
        plans.plan(
            ArchiveStatements.PREVIOUS,
            Map.of(
                "most", "65536::int",
                "task_ids", "'{%1$s,%1$s,%2$s,%3$s}'::uuid[]".formatted(LARGE, SMALL, OLD),
                "schedules", "'{daily,none,\"\",x}'::text[]"));
    checkIndexes(plan);
    assertTrue(plan.text().contains("run_task_id_split_part_"), plan.text());
    assertEquals(3, plan.nodes().getFirst().path("Actual Rows").asInt(), plan.text());
    assertTrue(plan.blocks() < 60, plan.text());
  }

  private static void checkByHand(QueryPlans plans) throws Exception {
    Plan plan =
        plans.plan(
            RunStatuses.BY_HAND,
            Map.of(
                "task_ids", "'{%1$s,%1$s,%2$s}'::uuid[]".formatted(LARGE, SMALL),
                "schedules", "'{daily,none,daily}'::text[]",
                "most", "100::int",
                "from", "'2000-01-01'::timestamptz",
                "until", "'2200-01-01'::timestamptz"));
    checkIndexes(plan);
    assertTrue(plan.text().contains("run_task_id_split_part_"), plan.text());
    assertEquals(2, plan.nodes().getFirst().path("Actual Rows").asInt(), plan.text());
    assertTrue(plan.blocks() < 30, plan.text());
  }

  /** The statement of the function that counts the failures of a task, with parameters. */
  private String failuresInARow() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT prosrc FROM pg_proc WHERE proname = 'failures_in_a_row'")) {
      row.next();
      return row.getString(1).replaceAll("\\b(task|up_to)\\b", ":$1");
    }
  }

  private static void checkFailures(QueryPlans plans, String failures, String task)
      throws Exception {
    Plan plan =
        plans.plan(
            failures, Map.of("task", "'" + task + "'::uuid", "up_to", RUNS + 100 + "::bigint"));
    checkIndexes(plan);
    assertTrue(plan.rowsOf("run") <= 101, plan.text());
    assertTrue(plan.blocks() < 130, plan.text());
  }

  private static void checkIndexes(Plan plan) {
    assertFalse(plan.has("Seq Scan") || plan.has("Bitmap"), plan.text());
    assertEquals(0, plan.removed(), plan.text());
  }
}
