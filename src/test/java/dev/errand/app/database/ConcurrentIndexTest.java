package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration that builds an index of a large table without locking it, as the rules want it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConcurrentIndexTest {
  private static final int LONGEST_START_MINUTES = 3;
  private static final String VALID =
      "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('indexed.thing_name')";
  private static final String KEPT =
      "SELECT string_agg(version || ' ' || success, ', ' ORDER BY version)"
          + " FROM indexed.flyway_schema_history WHERE version IS NOT NULL";

  @Inject DataSource database;
  @Inject MigrationConfig config;
  @Inject StartingPorts ports;

  @TempDir Path folder;

  @BeforeEach
  void migrations() throws IOException, SQLException {
    execute("DROP SCHEMA IF EXISTS indexed CASCADE");
    Files.writeString(
        folder.resolve("V1__thing.sql"),
        """
        CREATE TABLE thing (id integer PRIMARY KEY, name text NOT NULL);
        INSERT INTO thing SELECT i, 'thing ' || i FROM generate_series(1, 100) AS i;
        """);
    Files.writeString(
        folder.resolve("V2__name.sql"),
        """
        -- Things are looked up by name.
        DROP INDEX CONCURRENTLY IF EXISTS thing_name;
        CREATE UNIQUE INDEX CONCURRENTLY thing_name ON thing (name);
        """);
  }

  @AfterEach
  void drop() throws SQLException {
    execute("DROP SCHEMA indexed CASCADE");
  }

  @Test
  void theIndexIsBuiltThoughOtherProcessesStart() throws Exception {
    CompletableFuture<?>[] starts = new CompletableFuture<?>[2];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = CompletableFuture.runAsync(this::start);
    }
    CompletableFuture.allOf(starts).get(LONGEST_START_MINUTES, TimeUnit.MINUTES);
    assertEquals("true", one(VALID));
    assertEquals("1 true, 2 true", one(KEPT));
  }

  // As after a kill: nothing is noted, and what was built so far is there.
  @Test
  void theNextStartRebuildsAnInvalidIndex() throws Exception {
    configuration().target("1").load().migrate();
    execute("INSERT INTO indexed.thing VALUES (101, 'thing 1')");
    assertThrows(FlywayException.class, this::start);
    assertEquals("1 true", one(KEPT));
    assertEquals("false", one(VALID), "what is left of it");

    execute("DELETE FROM indexed.thing WHERE id = 101");
    start();
    assertEquals("true", one(VALID));
    assertEquals("1 true, 2 true", one(KEPT));
  }

  /** What a start does. */
  private void start() {
    new SchemaMigration(config, ports, true).customize(configuration());
  }

  private FluentConfiguration configuration() {
    return Flyway.configure()
        .dataSource(database)
        .schemas("indexed")
        .locations("filesystem:" + folder);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
