package dev.errand.runs.run.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.NamedSql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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

  @Inject DataSource database;
  @Inject ObjectMapper json;

  @Test
  void aPageOfAListReadsAPageOfAnIndex() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA plans");
      statement.execute("SET search_path = plans");
      try {
        fill(statement);
        for (String statistics : List.of("none yet", "of all")) {
          for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            statement.execute("SET plan_cache_mode = " + mode);
            String when = "statistics: " + statistics + ", " + mode;
            for (String status : List.of("pending", "running", "ready", "error")) {
              for (String task : List.of(LARGE, SMALL, OLD)) {
                check(statement, when, task, "{" + status + "}", NEWEST);
                check(statement, when, task, "{" + status + "}", "-" + RUNS / 2);
                check(statement, when, task, "{" + status + "}", "-10");
              }
            }
            for (String task : List.of(LARGE, SMALL, OLD)) {
              check(statement, when, task, "{pending,running,ready,error}", NEWEST);
              check(statement, when, task, "{ready,error}", "-" + RUNS / 2);
            }
            checkAnswersBefore(statement, when);
          }
          statement.execute("ANALYZE run");
        }
      } finally {
        statement.execute("RESET plan_cache_mode");
        statement.execute("RESET search_path");
        statement.execute("DROP SCHEMA plans CASCADE");
      }
    }
  }

  /**
   * A task with many runs, nearly all of them ready; one that ran long ago only; and one with few
   * runs, all of them new.
   */
  private static void fill(Statement statement) throws SQLException {
    statement.execute("CREATE UNLOGGED TABLE run (LIKE public.run INCLUDING ALL)");
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          started_at, finished_at)
        SELECT '%1$s', '%1$s', 'daily@' || i, 'ready', '{}', '{}', '{}', 1, now(), now()
        FROM generate_series(1, 3) AS i"""
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

  private void check(Statement statement, String when, String task, String statuses, String before)
      throws Exception {
    String sql = NamedSql.of(ArchiveStatements.LIST.formatted(PAGE)).text();
    for (String type : List.of("$1", "$2", "$3")) {
      sql = sql.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(type));
    }
    statement.execute("PREPARE list (text[], uuid, bigint) AS " + sql);
    String told =
        explained(statement, "EXECUTE list ('%s', '%s', %s)".formatted(statuses, task, before));
    statement.execute("DEALLOCATE list");
    JsonNode plan = json.readTree(told).path(0).path("Plan");
    String what = when + ", " + task + " " + statuses + " " + before + ":\n" + told;
    int pages = statuses.split(",").length;
    List<JsonNode> nodes = new ArrayList<>();
    collect(plan, nodes);
    for (JsonNode node : nodes) {
      String type = node.path("Node Type").asText();
      assertFalse(type.contains("Seq Scan") || type.contains("Bitmap"), what);
      assertEquals(0, node.path("Rows Removed by Filter").asInt(), what);
      long rows = node.path("Actual Rows").asLong() * node.path("Actual Loops").asLong();
      assertTrue(rows <= (long) pages * PAGE, what);
    }
    assertTrue(
        nodes.stream().anyMatch(n -> n.path("Node Type").asText().equals("Index Scan")), what);
    long blocks =
        plan.path("Shared Hit Blocks").asLong() + plan.path("Shared Read Blocks").asLong();
    assertTrue(blocks < 40L + 2L * pages * PAGE, what);
  }

  // The schedule's runs are the oldest of a task with many that are newer.
  private void checkAnswersBefore(Statement statement, String when) throws Exception {
    String sql = NamedSql.of(ArchiveStatements.PREVIOUS).text();
    for (String type : List.of("$1", "$2", "$3")) {
      sql = sql.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(type));
    }
    statement.execute("PREPARE previous (int, uuid[], text[]) AS " + sql);
    String told =
        explained(
            statement,
            "EXECUTE previous (65536, '{%1$s,%1$s,%2$s,%3$s}', '{daily,none,\"\",x}')"
                .formatted(LARGE, SMALL, OLD));
    statement.execute("DEALLOCATE previous");
    JsonNode plan = json.readTree(told).path(0).path("Plan");
    String what = when + ", answers before:\n" + told;
    List<JsonNode> nodes = new ArrayList<>();
    collect(plan, nodes);
    for (JsonNode node : nodes) {
      String type = node.path("Node Type").asText();
      assertFalse(type.contains("Seq Scan") || type.contains("Bitmap"), what);
      assertEquals(0, node.path("Rows Removed by Filter").asInt(), what);
    }
    assertTrue(told.contains("run_task_id_split_part_"), what);
    assertEquals(3, plan.path("Actual Rows").asInt(), what);
    long blocks =
        plan.path("Shared Hit Blocks").asLong() + plan.path("Shared Read Blocks").asLong();
    assertTrue(blocks < 60, what);
  }

  private static String explained(Statement statement, String sql) throws SQLException {
    try (ResultSet plan =
        statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)) {
      plan.next();
      return plan.getString(1);
    }
  }

  private static void collect(JsonNode plan, List<JsonNode> nodes) {
    nodes.add(plan);
    plan.path("Plans").forEach(child -> collect(child, nodes));
  }
}
