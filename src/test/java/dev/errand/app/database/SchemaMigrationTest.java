package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchemaMigrationTest {
  @Inject DataSource database;
  @Inject Flyway flyway;
  @Inject StartingPorts ports;
  @Inject MigrationConfig config;

  /** A migration that looks how long it may take. */
  private static final class Look implements JavaMigration {
    private final Set<Integer> found = new HashSet<>();
    private final boolean fails;

    Look(boolean fails) {
      this.fails = fails;
    }

    @Override
    public void migrate(Context context) throws SQLException {
      found.add(context.getConnection().getNetworkTimeout());
      if (fails) {
        throw new SQLException("Not this one.");
      }
    }

    @Override
    public MigrationVersion getVersion() {
      return MigrationVersion.fromVersion("1");
    }

    @Override
    public String getDescription() {
      return "look";
    }

    @Override
    public @Nullable Integer getChecksum() {
      return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
      return true;
    }
  }

  @Test
  void aMigrationMayTakeLongerThanAnyOtherStatement() throws SQLException {
    Look look = new Look(false);
    migrating("unhurried", look).migrate();

    assertEquals(Set.of(0), look.found);
    assertAllAreHurried();
  }

  @Test
  void afterOneThatFailsTheConnectionIsAsBefore() throws SQLException {
    Look look = new Look(true);
    assertThrows(FlywayException.class, migrating("unhurried_in_vain", look)::migrate);

    assertEquals(Set.of(0), look.found);
    assertAllAreHurried();
  }

  @Test
  void theStartMigratesLikeThis() {
    assertEquals(
        List.of("unhurried migrations"),
        List.of(flyway.getConfiguration().getCallbacks()).stream()
            .map(callback -> callback.getCallbackName())
            .toList());
  }

  @Test
  void aSchemaThatIsUpToDateIsRecognizedByOneQuery() throws SQLException {
    assertEquals(Optional.empty(), AppliedMigrations.missing(flyway.getConfiguration()));
  }

  @Test
  void aMigrationThatIsMissingOrAnotherOrFailedIsFound() throws SQLException {
    FluentConfiguration copied =
        Flyway.configure().configuration(flyway.getConfiguration()).table("copied_history");
    assertEquals(
        Optional.of("V" + flyway.info().current().getVersion()),
        AppliedMigrations.missing(copied).map(script -> script.replaceFirst("__.*", "")),
        "the newest, where there is no table");
    String last = "(SELECT script FROM copied_history ORDER BY installed_rank DESC LIMIT 1)";
    for (String difference :
        List.of(
            "DELETE FROM copied_history WHERE script = " + last,
            "UPDATE copied_history SET checksum = 1 WHERE script = " + last,
            "UPDATE copied_history SET success = false WHERE script = " + last)) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE copied_history AS SELECT * FROM flyway_schema_history");
        try {
          statement.execute(
              "INSERT INTO copied_history (installed_rank, description, type, script,"
                  + " installed_by, execution_time, success) VALUES (0, 'newer', 'SQL',"
                  + " 'db/migration/V9999__newer.sql', 'test', 1, false)");
          assertEquals(
              Optional.empty(),
              AppliedMigrations.missing(copied),
              "an older build, after a newer one failed");
          statement.execute(difference);
          assertTrue(AppliedMigrations.missing(copied).isPresent(), difference);
        } finally {
          statement.execute("DROP TABLE copied_history");
        }
      }
    }
  }

  private Flyway migrating(String schema, JavaMigration migration) {
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(database)
            .schemas(schema)
            .locations(new String[0])
            .javaMigrations(migration);
    new SchemaMigration(config, ports, false).customize(configuration);
    return configuration.load();
  }

  private void assertAllAreHurried() throws SQLException {
    for (int i = 0; i < 20; i++) {
      try (Connection connection = database.getConnection()) {
        assertTrue(connection.getNetworkTimeout() > 0, "an answer is waited for without an end");
      }
    }
  }
}
