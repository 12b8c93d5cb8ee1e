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
import java.util.regex.Matcher;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A page of a run's entries costs the same, however many entries the run has before and after. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LongRunPlansTest {
  private static final int ENTRIES = 10_000;
  private static final int LONG_RUNS = 10;
  private static final int SHORT_RUNS = 20_000;
  private static final int PAGE = RunPages.MOST_ENTRIES;

  @Inject DataSource database;
  @Inject ObjectMapper json;

  @Test
  void readingALongRunIsReadingItsPages() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA long_runs");
      statement.execute("SET search_path = long_runs");
      try {
        fill(statement);
        for (String statistics : List.of("none yet", "of all")) {
          for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            statement.execute("SET plan_cache_mode = " + mode);
            String when = "statistics: " + statistics + ", " + mode;
            for (int first : List.of(0, ENTRIES / 2, ENTRIES - PAGE)) {
              checkPages(statement, when, "{1}", first, 1);
            }
            checkPages(statement, when, "{1}", ENTRIES - 1, 1);
            checkPages(statement, when, "{1,2,3,4}", ENTRIES / 2, 4);
            checkFitting(statement, when);
          }
          statement.execute("ANALYZE run");
          statement.execute("ANALYZE run_entry");
        }
      } finally {
        statement.execute("RESET plan_cache_mode");
        statement.execute("RESET search_path");
        statement.execute("DROP SCHEMA long_runs CASCADE");
      }
    }
  }

  private static void fill(Statement statement) throws SQLException {
    for (String table : List.of("run", "run_entry")) {
      statement.execute(
          "CREATE UNLOGGED TABLE %1$s (LIKE public.%1$s INCLUDING ALL)".formatted(table));
    }
    statement.execute(
        """
        INSERT INTO run (id, task_id, profile_id, name, parameters, assignment, trigger, entry_count)
        OVERRIDING SYSTEM VALUE
        SELECT i, gen_random_uuid(), gen_random_uuid(), 'run-' || i, '{}', '{}', '{}',
          CASE WHEN i <= %d THEN %d ELSE 2 END
        FROM generate_series(1, %d) AS i"""
            .formatted(LONG_RUNS, ENTRIES, LONG_RUNS + SHORT_RUNS));
    statement.execute(
        """
        INSERT INTO run_entry SELECT run, entry, repeat('x', 200)
        FROM generate_series(0, %d) AS entry, generate_series(1, %d) AS run"""
            .formatted(ENTRIES - 1, LONG_RUNS));
    statement.execute(
        """
        INSERT INTO run_entry SELECT run, entry, repeat('x', 200)
        FROM generate_series(%d, %d) AS run, generate_series(0, 1) AS entry"""
            .formatted(LONG_RUNS + 1, LONG_RUNS + SHORT_RUNS));
  }

  private void checkPages(Statement statement, String when, String runs, int first, int pages)
      throws Exception {
    String firsts = "{" + String.join(",", java.util.Collections.nCopies(pages, "" + first)) + "}";
    Plan plan =
        explained(
            statement,
            RunPages.PAGES,
            "(bigint[], integer[], integer)",
            "('%s', '%s', 262144)".formatted(runs, firsts));
    String what = when + ", " + runs + " from " + first + ":\n" + plan.text();
    int rows = pages * Math.min(PAGE, ENTRIES - first);
    assertEquals(rows, plan.rowsOf("run_entry"), what);
    assertEquals(pages, plan.rowsOf("run"), what);
    assertEquals(0, plan.removed(), what);
    assertFalse(plan.text().contains("Seq Scan"), what);
    // The entries of a long run lie among those of the others that were written meanwhile.
    assertTrue(plan.blocks() < pages * (PAGE + 20L), what);
  }

  private void checkFitting(Statement statement, String when) throws Exception {
    // Two of the ten runs are more than the bytes that fit.
    Plan plan =
        explained(
            statement,
            ArchiveStatements.FITTING,
            "(bigint[], bigint)",
            "('{1,2,3,4,5,6,7,8,9,10}', %d)".formatted(ENTRIES * 200L + 100));
    String what = when + ":\n" + plan.text();
    assertEquals(2L * ENTRIES, plan.rowsOf("run_entry"), what);
  }

  /**
   * How a statement was carried out.
   *
   * @param text all of it
   * @param nodes its steps
   */
  private record Plan(String text, List<JsonNode> nodes) {
    long rowsOf(String table) {
      return nodes.stream()
          .filter(node -> node.path("Relation Name").asText().equals(table))
          .mapToLong(
              node ->
                  Math.round(
                      node.path("Actual Rows").asDouble() * node.path("Actual Loops").asDouble()))
          .sum();
    }

    long removed() {
      return nodes.stream().mapToLong(node -> node.path("Rows Removed by Filter").asLong()).sum();
    }

    long blocks() {
      JsonNode all = nodes.getFirst();
      return all.path("Shared Hit Blocks").asLong() + all.path("Shared Read Blocks").asLong();
    }
  }

  private Plan explained(Statement statement, String text, String types, String values)
      throws Exception {
    String sql = NamedSql.of(text).text();
    for (int i = 1; sql.contains("?"); i++) {
      sql = sql.replaceFirst("\\?", Matcher.quoteReplacement("$" + i));
    }
    statement.execute("PREPARE looked_at " + types + " AS " + sql);
    try (ResultSet row =
        statement.executeQuery(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE looked_at " + values)) {
      row.next();
      String told = row.getString(1);
      List<JsonNode> nodes = new ArrayList<>();
      collect(json.readTree(told).path(0).path("Plan"), nodes);
      return new Plan(told, nodes);
    } finally {
      statement.execute("DEALLOCATE looked_at");
    }
  }

  private static void collect(JsonNode plan, List<JsonNode> nodes) {
    nodes.add(plan);
    plan.path("Plans").forEach(child -> collect(child, nodes));
  }
}
