package dev.errand.identity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.NamedSql;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself keeps of the audit, whoever asks. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class AuditTableTest {
  private static final String REFUSED = "42501";
  private static final String ADD =
      "INSERT INTO audit (at, actor, action, object, changes) SELECT now() - age * interval '1 day',"
          + " '%s', 'task.changed', 'tasks/a/b/c', '{}' FROM unnest(ARRAY[%s]) AS age";

  @Inject DataSource database;
  @Inject AuditRetention retention;

  @AfterEach
  void dropTheRole() throws SQLException {
    try (Connection superuser = TestDatabase.superuser(database)) {
      if (!texts(superuser, "SELECT rolname FROM pg_roles WHERE rolname = 'only_serves'")
          .isEmpty()) {
        run(superuser, "DROP OWNED BY only_serves");
        run(superuser, "DROP ROLE only_serves");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE at < now() - interval '10 years'",
        "TRUNCATE audit",
        "INSERT INTO audit (id, at, actor, action, object, changes) OVERRIDING SYSTEM VALUE SELECT id,"
            + " at, 'other', action, object, changes FROM audit ON CONFLICT (id) DO UPDATE SET actor ="
            + " 'other'"
      })
  void evenTheOwnerOfTheTableChangesNoLine(String statement) throws SQLException {
    try (Connection owner = database.getConnection()) {
      run(owner, ADD.formatted("kept", "0, 4000"));
      SQLException refused = assertThrows(SQLException.class, () -> run(owner, statement));
      assertEquals(REFUSED, refused.getSQLState());
      assertTrue(String.valueOf(refused.getMessage()).contains("append-only"));
    }
  }

  @Test
  void retentionRemovesOnlyOldLines() throws SQLException {
    try (Connection owner = database.getConnection()) {
      run(owner, ADD.formatted("aged", "0, 0.5, 364, 366, 4000"));
      assertTrue(retention.runOnce(Duration.ofSeconds(30)) >= 2);
      assertEquals(0, retention.runOnce(Duration.ofSeconds(30)));
      assertEquals(3, texts(owner, "SELECT id FROM audit WHERE actor = 'aged'").size());
      // Nothing of the last day, whatever is asked for.
      run(owner, "SELECT audit_forget(now() + interval '1 year', 1000)");
      assertEquals(2, texts(owner, "SELECT id FROM audit WHERE actor = 'aged'").size());
      // What the function may do ends with it.
      run(owner, ADD.formatted("aged", "4000"));
      owner.setAutoCommit(false);
      run(owner, "SELECT audit_forget(now() - interval '100 years', 1000)");
      assertThrows(SQLException.class, () -> run(owner, "DELETE FROM audit WHERE actor = 'aged'"));
      owner.rollback();
      owner.setAutoCommit(true);
    }
  }

  @Test
  void aRoleThatServesAloneAddsAndReadsAndHasOldLinesRemoved() throws SQLException {
    try (Connection superuser = TestDatabase.superuser(database)) {
      run(superuser, "CREATE ROLE only_serves LOGIN PASSWORD 'only-for-a-test'");
      for (String grant : DocumentedGrants.read("only_serves")) {
        run(superuser, grant);
      }
      String url = superuser.getMetaData().getURL();
      try (Connection service =
          DriverManager.getConnection(url, "only_serves", "only-for-a-test")) {
        run(service, ADD.formatted("served", "0, 4000"));
        assertEquals(2, texts(service, "SELECT id FROM audit WHERE actor = 'served'").size());
        for (String statement :
            List.of(
                "UPDATE audit SET actor = 'nobody'",
                "DELETE FROM audit WHERE at < now() - interval '10 years'",
                "TRUNCATE audit",
                "ALTER TABLE audit DISABLE TRIGGER ALL",
                "DROP TABLE audit",
                "DELETE FROM flyway_schema_history")) {
          SQLException refused = assertThrows(SQLException.class, () -> run(service, statement));
          assertEquals(REFUSED, refused.getSQLState(), statement);
        }
        run(service, "SELECT audit_forget(now() - interval '1 year', 1000)");
        assertEquals(1, texts(service, "SELECT id FROM audit WHERE actor = 'served'").size());
        // What else the service does.
        run(service, "UPDATE account SET email = email");
        run(service, "DELETE FROM token WHERE false");
      }
    }
  }

  @Test
  void eachSelectionIsReadInTheOrderOfItsIndexWithAndWithoutStatistics() throws SQLException {
    try (Connection owner = database.getConnection()) {
      owner.setAutoCommit(false);
      run(owner, ADD.formatted("many", "0") + ", generate_series(1, 20000)");
      run(owner, "SET LOCAL plan_cache_mode = force_generic_plan");
      run(owner, AuditStatements.IN_ORDER);
      for (String plan : plans(owner)) {
        assertTrue(plan.contains("Index Scan Backward using audit_"), plan);
        assertFalse(plan.contains("Sort"), plan);
      }
      run(owner, "ANALYZE audit");
      for (String plan : plans(owner)) {
        assertTrue(plan.contains("Index Scan Backward using audit_"), plan);
        assertFalse(plan.contains("Sort"), plan);
      }
      owner.rollback();
    }
  }

  private static List<String> plans(Connection connection) throws SQLException {
    List<String> plans = new ArrayList<>();
    for (boolean byActor : List.of(false, true)) {
      for (boolean byAction : List.of(false, true)) {
        for (int parts = 0; parts <= 5; parts++) {
          plans.add(
              plan(
                  connection,
                  NamedSql.of(AuditStatements.list(byActor, byAction, parts, 101)).text()));
        }
      }
    }
    return plans;
  }

  private static String plan(Connection connection, String statement) throws SQLException {
    int number = 0;
    String numbered = statement;
    while (numbered.contains("?")) {
      number++;
      numbered = numbered.replaceFirst("\\?", "\\$" + number);
    }
    run(connection, "PREPARE selection AS " + numbered);
    List<String> nulls = Collections.nCopies(number, "NULL");
    List<String> plan =
        texts(connection, "EXPLAIN EXECUTE selection (" + String.join(", ", nulls) + ")");
    run(connection, "DEALLOCATE selection");
    return String.join("\n", plan);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}
