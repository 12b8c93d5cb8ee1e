package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The builds to measure, one after another: the one in {@code target/quarkus-app}, or those whose
 * folders {@code -Derrand.bench.jars=before=DIR,after=DIR} names.
 */
final class Builds {
  private Builds() {}

  /** Measures a build. */
  @FunctionalInterface
  interface Measuring {
    /**
     * Measures a server.
     *
     * @param name the name of its build
     * @param database a connection to its database
     */
    void of(String name, MeasuredServer server, Connection database) throws Exception;
  }

  /**
   * Starts each build on an empty database of its own.
   *
   * @param folder where PostgreSQL keeps its data
   * @param options options of the JVM
   * @param environment variables of the environment
   */
  static void measure(
      Path folder, List<String> options, Map<String, String> environment, Measuring measuring)
      throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.startIn(folder);
    try {
      for (Map.Entry<String, Path> build : builds().entrySet()) {
        String name = build.getKey();
        try (Connection first = connect(database, database.url());
            Statement create = first.createStatement()) {
          create.execute("CREATE DATABASE " + name);
        }
        try (MeasuredServer server =
                MeasuredServer.start(build.getValue(), database, name, options, environment);
            Connection connection = connect(database, urlOf(database, name))) {
          measuring.of(name, server, connection);
        }
      }
    } finally {
      database.stop();
    }
  }

  /** The builds to measure, by name. */
  private static Map<String, Path> builds() {
    Map<String, Path> builds = new LinkedHashMap<>();
    for (String build :
        System.getProperty("errand.bench.jars", "this=target/quarkus-app").split(",", -1)) {
      String[] parts = build.split("=", 2);
      Path jar = Path.of(parts[1], "quarkus-run.jar").toAbsolutePath();
      assertTrue(Files.exists(jar), jar + " is not there: ./mvnw package -DskipTests makes it");
      builds.put(parts[0], jar);
    }
    return builds;
  }

  private static Connection connect(EmbeddedDatabase database, String url) throws SQLException {
    return DriverManager.getConnection(url, EmbeddedDatabase.USER, database.password());
  }

  /** The address of a database in that server. */
  static String urlOf(EmbeddedDatabase database, String name) {
    return database.url().replaceFirst("/postgres$", "/" + name);
  }
}
