package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  private static final String SECRET = "what nobody but the service may know";

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeEach
  void unpackOnce() throws IOException {
    Path programs = Files.createDirectories(shared.resolve("postgres-17"));
    Files.createSymbolicLink(folder.resolve("postgres-17"), programs);
  }

  @Test
  void committedDataSurvivesAKilledProcessAndTheOrphanIsReplaced() throws Exception {
    Process first = startInAnotherProcess("start");
    try (Connection connection = connect(first.inputReader().readLine());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
      statement.execute("CREATE TEMPORARY TABLE environment (line text)");
      statement.execute("COPY environment FROM PROGRAM 'env'");
      assertEquals("t", one(statement, "SELECT count(*) > 0 FROM environment"));
      assertEquals(
          "0",
          one(statement, "SELECT count(*) FROM environment WHERE line LIKE '%" + SECRET + "%'"),
          "its processes know nothing of the environment of the service");
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
  void theServiceOwnsWhatAnEarlierBuildMadeAndIsNoSuperuser() throws Exception {
    EmbeddedDatabase first = EmbeddedDatabase.startIn(folder);
    try (Connection connection = connect(first.url());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TYPE mood AS ENUM ('glad')");
      statement.execute("CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY, of mood)");
      statement.execute("CREATE SEQUENCE alone");
      statement.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
      statement.execute("ALTER DATABASE postgres OWNER TO postgres");
      statement.execute("DROP OWNED BY errand");
      statement.execute("DROP ROLE errand");
    } finally {
      first.stop();
    }
    EmbeddedDatabase second = EmbeddedDatabase.startIn(folder);
    try (Connection connection =
            DriverManager.getConnection(
                second.url(), EmbeddedDatabase.SERVICE_USER, second.servicePassword());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE made ADD COLUMN more int");
      statement.execute("INSERT INTO made (more) VALUES (1)");
      statement.execute("ALTER SEQUENCE alone RESTART");
      statement.execute("ALTER TYPE mood ADD VALUE 'sad'");
      statement.execute("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'");
      statement.execute("CREATE TABLE later (id int)");
      for (String refused :
          List.of(
              "COPY later FROM PROGRAM 'env'",
              "COPY later FROM '/etc/passwd'",
              "ALTER SYSTEM SET fsync = off",
              "ALTER ROLE errand SUPERUSER")) {
        SQLException failure =
            assertThrows(SQLException.class, () -> statement.execute(refused), refused);
        assertEquals("42501", failure.getSQLState(), refused);
      }
    } finally {
      second.stop();
    }
  }

  @Test
  void aProcessThatCanOpenNoMoreFilesDoesNotTakeItsDatabaseForLost() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "the JDK looks there");
    Process service = startInAnotherProcess("exhaust");
    try (BufferedReader lines = service.inputReader()) {
      assertEquals("can't be looked for, running", lines.readLine());
      assertEquals("lost", lines.readLine(), "after its database was killed");
    } finally {
      service.destroyForcibly();
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
  public static void main(String... args) throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.startIn(Path.of(args[0]));
    if (args[1].equals("exhaust")) {
      exhaust(database, Path.of(args[0], "postgres"));
      return;
    }
    System.out.println(database.url());
    Thread.currentThread().join();
  }

  // As many files as this process may have are open for as long as its database is looked for.
  private static void exhaust(EmbeddedDatabase database, Path data) throws Exception {
    ProcessHandle postmaster = PostgresServer.on(data).orElseThrow();
    CountDownLatch lost = new CountDownLatch(1);
    database.whenLost(lost::countDown);
    List<FileInputStream> opened = new ArrayList<>();
    boolean isLookedForInVain;
    boolean isRunning;
    try {
      while (true) {
        opened.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      isLookedForInVain = !postmaster.isAlive();
      isRunning = database.isRunning();
    }
    for (FileInputStream file : opened) {
      file.close();
    }
    System.out.println(
        (isLookedForInVain ? "can't be looked for, " : "can be looked for, ")
            + (isRunning && lost.getCount() == 1 ? "running" : "lost"));
    postmaster.destroyForcibly();
    lost.await();
    System.out.println("lost");
  }

  private Process startInAnotherProcess(String what) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 1000; exec \"$0\" \"$@\"",
                java,
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedDatabaseTest.class.getName(),
                folder.toString(),
                what)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ERRAND_SECRET_KEY", SECRET);
    return builder.start();
  }

  private Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(
        url, EmbeddedDatabase.USER, new DataFolder(folder).databasePassword());
  }

  private static String ask(EmbeddedDatabase database, String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement()) {
      return one(statement, query);
    }
  }

  private static String one(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
