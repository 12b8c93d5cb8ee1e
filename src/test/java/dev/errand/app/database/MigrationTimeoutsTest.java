package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.boot.StartFailure;
import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The newest migration, while a backup holds a lock on the table of runs. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MigrationTimeoutsTest {
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);
  private static final int LONGEST_QUERY_SECONDS = 20;

  @Inject DataSource database;
  @Inject Flyway flyway;
  @Inject StartingPorts ports;

  private record Config(Duration lockTimeout, Duration longestWait) implements MigrationConfig {}

  // A schema of its own, at the version before one that changes the table run.
  @BeforeEach
  void migrateUntilThere() throws SQLException {
    execute("CREATE SCHEMA locked");
    configuration().target("13").load().migrate();
  }

  @AfterEach
  void drop() throws SQLException {
    execute("DROP SCHEMA locked CASCADE");
  }

  @Test
  void othersReadBetweenTheTriesUntilTheLockIsFree() throws Exception {
    CompletableFuture<Void> start;
    try (Connection backup = backup()) {
      start = CompletableFuture.runAsync(() -> start(Duration.ofMinutes(10)));
      for (int wait = 0; wait < 3; wait++) {
        awaitALockWaiter("run", "AccessExclusiveLock");
        // Behind the migration, this waits for the end of its try.
        execute("SELECT count(*) FROM locked.run");
      }
      assertFalse(start.isDone(), "the backup holds its lock still");
      backup.rollback();
    }
    start.get();
    assertEquals(
        "1", one("SELECT count(*) FROM locked.flyway_schema_history WHERE version = '14'"));
    execute("SELECT finish_reason FROM locked.run");
  }

  @Test
  void aStartThatWaitedInVainNamesWhoHoldsTheLock() throws Exception {
    try (Connection backup = backup()) {
      String pid = one(backup, "SELECT pg_backend_pid()");
      CompletableFuture<Void> start =
          CompletableFuture.runAsync(() -> start(Duration.ofSeconds(2)));
      ExecutionException failed = assertThrows(ExecutionException.class, start::get);
      String sentence = StartFailure.describe(failed);
      assertTrue(sentence.startsWith("Errand can't start. "), sentence);
      assertTrue(sentence.contains("V14__finish_reason.sql"), sentence);
      assertTrue(sentence.contains("process " + pid), sentence);
      assertTrue(sentence.contains("\"nightly backup\""), sentence);
      assertTrue(sentence.contains("idle in transaction"), sentence);
      assertTrue(sentence.matches("(?s).*since 2\\d{3}-\\d\\d-\\d\\dT.*"), sentence);
      assertTrue(sentence.contains("pg_terminate_backend(" + pid + ")"), sentence);
      backup.rollback();
    }
    assertEquals(
        "0", one("SELECT count(*) FROM locked.flyway_schema_history WHERE version = '14'"));
  }

  @Test
  void aLockedTableOfMigrationsIsNotTakenForADatabaseThatIsGone() throws Exception {
    try (Connection holder = backup("LOCK TABLE locked.flyway_schema_history IN EXCLUSIVE MODE")) {
      String pid = one(holder, "SELECT pg_backend_pid()");
      CompletableFuture<Void> start =
          CompletableFuture.runAsync(() -> start(Duration.ofSeconds(2)));
      ExecutionException failed = assertThrows(ExecutionException.class, start::get);
      String sentence = StartFailure.describe(failed);
      assertTrue(sentence.contains("flyway_schema_history waited for a lock"), sentence);
      assertTrue(sentence.contains("pg_terminate_backend(" + pid + ")"), sentence);
      CompletableFuture<Void> next =
          CompletableFuture.runAsync(() -> start(Duration.ofMinutes(10)));
      awaitALockWaiter("flyway_schema_history", "RowExclusiveLock");
      holder.rollback();
      next.get();
    }
    execute("SELECT finish_reason FROM locked.run");
  }

  private FluentConfiguration configuration() {
    return Flyway.configure()
        .configuration(flyway.getConfiguration())
        .defaultSchema("locked")
        .schemas("locked");
  }

  /** What the framework does at a start. */
  private void start(Duration longestWait) {
    FluentConfiguration configuration = configuration();
    new SchemaMigration(new Config(LOCK_TIMEOUT, longestWait), ports, true)
        .customize(configuration);
    configuration.load().migrate();
  }

  private Connection backup() throws SQLException {
    return backup("LOCK TABLE locked.run IN ACCESS SHARE MODE");
  }

  private Connection backup(String lock) throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL application_name = 'nightly backup'");
      statement.execute(lock);
    }
    return connection;
  }

  private void awaitALockWaiter(String table, String mode) {
    Eventually.await(
        "a migration that waits for the lock",
        () ->
            !one("SELECT count(*) FROM pg_locks WHERE relation = 'locked.%s'::regclass AND NOT granted AND mode = '%s'"
                    .formatted(table, mode))
                .equals("0"));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(LONGEST_QUERY_SECONDS);
      statement.execute(sql);
    }
  }

  private String one(String sql) {
    try (Connection connection = database.getConnection()) {
      return one(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
