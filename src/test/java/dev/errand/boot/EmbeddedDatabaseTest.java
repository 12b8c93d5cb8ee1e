package dev.errand.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir Path folder;

  @Test
  void whatWasCommittedOutlivesAKilledProcessAndTheOrphanIsReplaced() throws Exception {
    Process first = startInAnotherProcess();
    String url = first.inputReader().readLine();
    String password = new DataFolder(folder).databasePassword();
    try (Connection connection = DriverManager.getConnection(url, EmbeddedDatabase.USER, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
    }
    first.destroyForcibly();
    assertTrue(first.waitFor(1, TimeUnit.MINUTES));

    EmbeddedDatabase second = EmbeddedDatabase.startIn(folder);
    try {
      assertEquals("42", ask(second, "SELECT answer FROM kept"));
      assertEquals("on", ask(second, "SHOW fsync"));
      assertEquals("on", ask(second, "SHOW synchronous_commit"));
      assertThrows(
          SQLException.class,
          () -> DriverManager.getConnection(second.url(), EmbeddedDatabase.USER, "guess"));
      StartException refused =
          assertThrows(StartException.class, () -> EmbeddedDatabase.startIn(folder));
      assertTrue(String.valueOf(refused.getMessage()).contains("ERRAND_DATA"));
    } finally {
      second.stop();
    }
  }

  @Test
  void dataOfAnotherMajorVersionStopsTheStartWithTheRemedy() throws Exception {
    Files.createDirectories(folder.resolve("postgres"));
    Files.writeString(folder.resolve("postgres/PG_VERSION"), "15\n");
    StartException refused =
        assertThrows(StartException.class, () -> EmbeddedDatabase.startIn(folder));
    assertTrue(String.valueOf(refused.getMessage()).contains("pg_dump"));
  }

  /** Starts a database in a process that can be killed; run by the test in another JVM. */
  public static void main(String... args) throws InterruptedException {
    System.out.println(EmbeddedDatabase.startIn(Path.of(args[0])).url());
    Thread.currentThread().join();
  }

  private Process startInAnotherProcess() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedDatabaseTest.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String ask(EmbeddedDatabase database, String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
