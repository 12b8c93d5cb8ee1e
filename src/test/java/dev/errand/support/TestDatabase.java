package dev.errand.support;

import dev.errand.app.database.EmbeddedDatabase;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Gives the tests a PostgreSQL of their own, empty at each start. */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
  /** Where it keeps its programs, its data and its passwords. */
  public static final Path FOLDER = TestFolder.of("database");

  private static volatile String url = "";
  private static volatile String servicePassword = "";

  private @Nullable EmbeddedDatabase database;

  /** Where it is, once it is started. */
  public static String url() {
    return url;
  }

  /** The database as the service uses it, for a test that is in another process. */
  public static DataSource service() {
    PGSimpleDataSource service = new PGSimpleDataSource();
    service.setURL(url);
    service.setUser(EmbeddedDatabase.SERVICE_USER);
    service.setPassword(servicePassword);
    return service;
  }

  /** Connects as its superuser, which the service's own role is not. */
  public static Connection superuser(DataSource service) throws SQLException {
    try (Connection own = service.getConnection()) {
      return DriverManager.getConnection(
          own.getMetaData().getURL(), EmbeddedDatabase.USER, password());
    }
  }

  /** The password of its superuser. */
  public static String password() {
    try {
      return Files.readString(FOLDER.resolve("postgres.password")).strip();
    } catch (IOException e) {
      throw new IllegalStateException("The password of the superuser can't be read.", e);
    }
  }

  @Override
  public Map<String, String> start() {
    empty(FOLDER.resolve("postgres"));
    EmbeddedDatabase started = EmbeddedDatabase.startIn(FOLDER);
    database = started;
    url = started.url();
    servicePassword = started.servicePassword();
    return Map.of(
        "quarkus.datasource.jdbc.url", started.url(),
        "quarkus.datasource.username", EmbeddedDatabase.SERVICE_USER,
        "quarkus.datasource.password", started.servicePassword(),
        "errand.data", FOLDER.toString());
  }

  @Override
  public void stop() {
    if (database != null) {
      database.stop();
    }
    // The next start may use the same libraries, and would show what this one has measured.
    Metrics.globalRegistry.clear();
  }

  private static void empty(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
