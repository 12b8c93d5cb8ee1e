package dev.errand.runs.run.search;

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
import java.util.Map;
import java.util.regex.Matcher;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A list of a profile's runs goes through as many as it may, however many there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SearchPlansTest {
  private static final int RUNS = 60_000;
  private static final int WALKED = 250;
  private static final String LARGE = "00000000-0000-0000-0000-000000000001";
  private static final String SMALL = "00000000-0000-0000-0000-000000000002";
  private static final Map<String, String> TYPES =
      Map.of(
          "profile_id",
          "uuid",
          "task_id",
          "uuid",
          "statuses",
          "text[]",
          "after",
          "bigint",
          "until",
          "bigint",
          "time",
          "timestamptz");

  @Inject DataSource database;
  @Inject ObjectMapper json;

  @Test
  void aWalkReadsAPartOfAnIndex() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA search_plans");
      statement.execute("SET search_path = search_plans");
      try {
        fill(statement);
        for (String statistics : List.of("none yet", "of all")) {
          for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            statement.execute("SET plan_cache_mode = " + mode);
            String when = "statistics: " + statistics + ", " + mode;
            for (String profile : List.of(LARGE, SMALL)) {
              check(statement, when, SearchStatements.OF_PROFILE, profile, WALKED);
              check(statement, when, SearchStatements.OF_PROFILE_LIVE, profile, WALKED);
              // Its statuses each have a part of their own.
              check(statement, when, SearchStatements.OF_TASK, profile, 4 * WALKED);
            }
            assertEquals(RUNS / 2, firstSince(statement), when);
          }
          statement.execute("ANALYZE run");
        }
      } finally {
        statement.execute("RESET plan_cache_mode");
        statement.execute("RESET search_path");
        statement.execute("DROP SCHEMA search_plans CASCADE");
      }
    }
  }

  /** A profile with nearly all runs, and one with a few; a second lies between two of them. */
  private static void fill(Statement statement) throws SQLException {
    statement.execute("CREATE UNLOGGED TABLE run (LIKE public.run INCLUDING ALL)");
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          created_at, started_at, finished_at)
        SELECT owner::uuid, owner::uuid, 'run-' || i, 'ready', '{}', '{}', '{"kind": "api"}', 1,
          '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 second', now(), now()
        FROM (SELECT i, CASE WHEN i %% 1000 = 0 THEN '%2$s' ELSE '%1$s' END AS owner
          FROM generate_series(1, %3$d) AS i) AS each"""
            .formatted(LARGE, SMALL, RUNS));
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger)
        SELECT '%1$s', '%1$s', 'new-' || i, '{}', '{}', '{}' FROM generate_series(1, 3) AS i"""
            .formatted(LARGE));
  }

  private void check(Statement statement, String when, String source, String owner, int most)
      throws Exception {
    String plan =
        explained(
            statement,
            source.formatted(WALKED),
            Map.of(
                "profile_id", "'" + owner + "'",
                "task_id", "'" + owner + "'",
                "statuses", "'{pending,running,ready,error}'",
                "after", "-9223372036854775807",
                "until", "0"));
    String what = when + ", " + owner + ":\n" + plan;
    List<JsonNode> nodes = new ArrayList<>();
    collect(json.readTree(plan).path(0).path("Plan"), nodes);
    for (JsonNode node : nodes) {
      assertFalse(node.path("Node Type").asText().contains("Seq Scan"), what);
      assertEquals(0, node.path("Rows Removed by Filter").asInt(), what);
      long rows = node.path("Actual Rows").asLong() * node.path("Actual Loops").asLong();
      assertTrue(rows <= most, what);
    }
  }

  private long firstSince(Statement statement) throws SQLException {
    String sql =
        prepared(
            statement,
            SearchStatements.FIRST_SINCE,
            Map.of(
                "time",
                "'2026-01-01T00:00:00Z'::timestamptz + interval '%d seconds'".formatted(RUNS / 2)));
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } finally {
      statement.execute("DEALLOCATE walk");
    }
  }

  private static String explained(Statement statement, String text, Map<String, String> values)
      throws SQLException {
    String execute = prepared(statement, text, values);
    try (ResultSet rows =
        statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + execute)) {
      rows.next();
      return rows.getString(1);
    } finally {
      statement.execute("DEALLOCATE walk");
    }
  }

  /** Prepares a statement, and tells how it is executed with these values. */
  private static String prepared(Statement statement, String text, Map<String, String> values)
      throws SQLException {
    NamedSql named = NamedSql.of(text);
    String sql = named.text();
    List<String> types = new ArrayList<>();
    List<String> given = new ArrayList<>();
    for (String name : named.names()) {
      types.add(TYPES.get(name));
      given.add(values.get(name));
      sql = sql.replaceFirst("\\?", Matcher.quoteReplacement("$" + types.size()));
    }
    statement.execute("PREPARE walk (" + String.join(", ", types) + ") AS " + sql);
    return "EXECUTE walk (" + String.join(", ", given) + ")";
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    into.add(node);
    node.path("Plans").forEach(child -> collect(child, into));
  }
}
