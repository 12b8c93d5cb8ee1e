package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.NamedSql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import javax.sql.DataSource;

/**
 * Carries statements out on copies of tables, before and after the database has statistics of them,
 * and with plans for given and for any parameters.
 */
public final class QueryPlans {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = "query_plans";

  private final Statement statement;
  private final String when;

  private QueryPlans(Statement statement, String when) {
    this.statement = statement;
    this.when = when;
  }

  /** Fills the copies of the tables. */
  public interface Filling {
    /** Fills them. */
    void fill(Statement statement) throws SQLException;
  }

  /** Checks how statements are carried out. */
  public interface Check {
    /** Checks it, in one of the modes. */
    void check(QueryPlans plans) throws Exception;
  }

  /**
   * How a statement was carried out.
   *
   * @param text all of it, as JSON, after the mode
   * @param nodes its steps, the whole first
   */
  public record Plan(String text, List<JsonNode> nodes) {

    /** How many rows were read from a table. */
    public long rowsOf(String table) {
      return nodes.stream()
          .filter(node -> node.path("Relation Name").asText().equals(table))
          .mapToLong(Plan::rows)
          .sum();
    }

    /** How many rows a step gave. */
    public static long rows(JsonNode node) {
      return Math.round(node.path("Actual Rows").asDouble() * node.path("Actual Loops").asDouble());
    }

    /** How many rows were read in vain. */
    public long removed() {
      return nodes.stream().mapToLong(node -> node.path("Rows Removed by Filter").asLong()).sum();
    }

    /** Whether a step is of a kind, such as {@code Seq Scan}. */
    public boolean has(String kind) {
      return nodes.stream().anyMatch(node -> node.path("Node Type").asText().contains(kind));
    }

    /** How many blocks were read. */
    public long blocks() {
      JsonNode all = nodes.getFirst();
      return all.path("Shared Hit Blocks").asLong() + all.path("Shared Read Blocks").asLong();
    }
  }

  /**
   * Checks statements in each mode.
   *
   * @param tables the tables that are copied, with their indexes
   */
  public static void inEachMode(
      DataSource database, List<String> tables, Filling filling, Check check) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + SCHEMA);
      statement.execute("SET search_path = " + SCHEMA);
      try {
        for (String table : tables) {
          statement.execute(
              "CREATE UNLOGGED TABLE %1$s (LIKE public.%1$s INCLUDING ALL)".formatted(table));
        }
        // A function that statements call looks for this one where they look for tables.
        statement.execute(
            "CREATE FUNCTION is_on_purpose(code text) RETURNS boolean LANGUAGE sql IMMUTABLE"
                + " AS 'SELECT public.is_on_purpose(code)'");
        filling.fill(statement);
        for (String statistics : List.of("none yet", "of all")) {
          for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            statement.execute("SET plan_cache_mode = " + mode);
            check.check(new QueryPlans(statement, "statistics: " + statistics + ", " + mode));
          }
          for (String table : tables) {
            statement.execute("ANALYZE " + table);
          }
        }
      } finally {
        statement.execute("RESET plan_cache_mode");
        statement.execute("RESET search_path");
        statement.execute("DROP SCHEMA " + SCHEMA + " CASCADE");
      }
    }
  }

  /** The mode: whether there are statistics, and the kind of plans. */
  public String when() {
    return when;
  }

  /**
   * How a statement is carried out.
   *
   * @param text the statement, with named parameters
   * @param values an expression for each of them, which ends with its type, such as {@code
   *     1::bigint}
   */
  public Plan plan(String text, Map<String, String> values) throws SQLException, IOException {
    String told = first("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ", text, values);
    List<JsonNode> nodes = new ArrayList<>();
    collect(JSON.readTree(told).path(0).path("Plan"), nodes);
    return new Plan(when + ", " + values + ":\n" + told, nodes);
  }

  /** The same where another statement, which has no parameters, came before in its transaction. */
  public Plan planAfter(String before, String text, Map<String, String> values)
      throws SQLException, IOException {
    statement.execute("BEGIN");
    try {
      statement.execute(before);
      return plan(text, values);
    } finally {
      statement.execute("ROLLBACK");
    }
  }

  /** The first column of the first row that a statement returns. */
  public String answer(String text, Map<String, String> values) throws SQLException {
    return first("", text, values);
  }

  private String first(String before, String text, Map<String, String> values) throws SQLException {
    NamedSql named = NamedSql.of(text);
    String sql = named.text();
    List<String> types = new ArrayList<>();
    List<String> given = new ArrayList<>();
    for (String name : named.names()) {
      String value = values.get(name);
      assertNotNull(value, name);
      types.add(value.substring(value.lastIndexOf("::") + 2));
      given.add(value);
      sql = sql.replaceFirst("\\?", Matcher.quoteReplacement("$" + types.size()));
    }
    statement.execute("PREPARE looked_at (" + String.join(", ", types) + ") AS " + sql);
    try (ResultSet rows =
        statement.executeQuery(before + "EXECUTE looked_at (" + String.join(", ", given) + ")")) {
      rows.next();
      return rows.getString(1);
    } finally {
      statement.execute("DEALLOCATE looked_at");
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    into.add(node);
    node.path("Plans").forEach(child -> collect(child, into));
  }
}
