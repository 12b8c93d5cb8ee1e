package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import io.restassured.RestAssured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the AOT cache of the container's jar: the application is used as users do, while the JVM
 * writes down what that takes. Without a cache that is taken, the build of the image fails.
 */
class TrainingIT {
  private static final Path CACHE = Path.of("target", "quarkus-app", "app.aot");
  private static final int ROUNDS = 5;

  // As deploy/docker/Dockerfile.jvm starts it: a cache is for the JVM, and for the flags, that it
  // was made with.
  static final List<String> OPTIONS =
      List.of(
          "-XX:-DontCompileHugeMethods",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @TempDir Path folder;

  @AfterEach
  void reset() {
    RestAssured.reset();
  }

  @Test
  void theCacheIsMadeByUsingTheApplicationAndTakenByTheNextStart() throws Exception {
    Files.deleteIfExists(CACHE);
    EmbeddedDatabase database = EmbeddedDatabase.startIn(folder);
    try {
      create(database);
      Map<String, String> environment = Packaged.environment(database, "training", folder);
      try (Packaged training =
          Packaged.start("training", with("-XX:AOTCacheOutput=app.aot"), environment)) {
        training.awaitReady();
        RestAssured.port = training.port();
        for (int round = 0; round < ROUNDS; round++) {
          Scenarios.all(training.managementPort());
        }
        training.requestStop();
        training.awaitEnd();
      }
      assertTrue(Files.exists(CACHE), "target/training.log says why there is no cache");
      try (Packaged trained =
          Packaged.start("trained", with("-XX:AOTCache=app.aot", "-XX:AOTMode=on"), environment)) {
        trained.awaitReady();
        RestAssured.port = trained.port();
        Scenarios.all(trained.managementPort());
        trained.requestStop();
        trained.awaitEnd();
      }
    } finally {
      database.stop();
    }
  }

  private static List<String> with(String... more) {
    return Stream.concat(OPTIONS.stream(), Stream.of(more)).toList();
  }

  private static void create(EmbeddedDatabase database) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE training");
    }
  }
}
