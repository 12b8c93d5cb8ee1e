package dev.errand.packaged;

import dev.errand.app.database.EmbeddedDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A PostgreSQL with a database for each test, looked at by its superuser. */
final class Databases implements AutoCloseable {
  private final EmbeddedDatabase server;
  private final Path folder;

  Databases(Path folder) {
    this.server = EmbeddedDatabase.startIn(folder);
    this.folder = folder;
  }

  /** Makes one, and says what a process needs on it. */
  Map<String, String> create(String name) throws SQLException {
    execute("postgres", "CREATE DATABASE " + name);
    return Packaged.environment(server, name, folder);
  }

  void execute(String name, String sql) throws SQLException {
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  /** The first column of what a query finds. */
  List<String> all(String name, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }

  String one(String name, String sql) throws SQLException {
    return all(name, sql).getFirst();
  }

  Connection connect(String name) throws SQLException {
    return DriverManager.getConnection(url(name), EmbeddedDatabase.USER, server.password());
  }

  /** Migrates one, as another version might do. */
  FluentConfiguration migration(String name) {
    // An index that is built concurrently waits for all transactions, a lock of Flyway's included.
    return Flyway.configure()
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .dataSource(url(name), EmbeddedDatabase.USER, server.password());
  }

  private String url(String name) {
    return server.url().replace("/postgres", "/" + name);
  }

  @Override
  public void close() {
    server.stop();
  }
}
