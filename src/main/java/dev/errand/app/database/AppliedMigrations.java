package dev.errand.app.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resolver.ChecksumCalculator;
import org.jspecify.annotations.Nullable;

/**
 * Compares the migrations of this build with those that a database has, by one query. Flyway
 * compares the same by a dozen, which a start on a schema that is up to date can do without.
 */
final class AppliedMigrations {
  private static final String NO_SUCH_TABLE = "42P01";

  private AppliedMigrations() {}

  /**
   * The script of the newest migration of this build that the database lacks, has in another form
   * or could not apply; empty when there is none. Whatever became of migrations of a newer build
   * does not matter.
   *
   * @throws SQLException when the database can't be asked
   */
  static Optional<String> missing(Configuration configuration) throws SQLException {
    Collection<LoadableResource> ofThisBuild =
        configuration
            .getResourceProvider()
            .getResources(
                configuration.getSqlMigrationPrefix(), configuration.getSqlMigrationSuffixes());
    Map<String, Integer> applied = new HashMap<>();
    try (Connection connection = configuration.getDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT script, checksum, success FROM " + history(configuration))) {
      while (rows.next()) {
        if (rows.getBoolean("success")) {
          applied.put(rows.getString("script"), rows.getInt("checksum"));
        }
      }
    } catch (SQLException e) {
      if (!NO_SUCH_TABLE.equals(e.getSQLState())) {
        throw e;
      }
    }
    return ofThisBuild.stream()
        .filter(migration -> !isApplied(migration, applied.get(migration.getRelativePath())))
        .map(LoadableResource::getFilename)
        .max(Comparator.comparing(script -> version(script, configuration)));
  }

  private static MigrationVersion version(String script, Configuration configuration) {
    int from = configuration.getSqlMigrationPrefix().length();
    return MigrationVersion.fromVersion(
        script.substring(from, script.indexOf(configuration.getSqlMigrationSeparator())));
  }

  private static boolean isApplied(LoadableResource migration, @Nullable Integer checksum) {
    return checksum != null && checksum == ChecksumCalculator.calculate(migration);
  }

  private static String history(Configuration configuration) {
    @Nullable String schema = configuration.getDefaultSchema();
    String table = quoted(configuration.getTable());
    return schema == null ? table : quoted(schema) + "." + table;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
