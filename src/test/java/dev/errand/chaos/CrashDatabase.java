package dev.errand.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.runs.queue.SlotStatements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL that can be dropped from and crashed. */
final class CrashDatabase implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final EmbeddedDatabase database;

  CrashDatabase(Path folder) {
    this.folder = folder;
    this.database = EmbeddedDatabase.startIn(folder);
  }

  String url() {
    return database.url();
  }

  String password() {
    return database.password();
  }

  /** Ends the connections of all others; how many there were. */
  int dropConnections() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type ="
                    + " 'client backend' AND pid <> pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Crashes it without a checkpoint, and starts it again: it has its log alone to go by. */
  void crashAndRestart() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL refuses to run as root, and takes root of a namespace of its own for another.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(pgCtl().toString());
    command.addAll(List.of("-D", folder.resolve("postgres").toString(), "-m", "immediate", "-w"));
    command.addAll(List.of("-l", folder.resolve("postgres.log").toString(), "restart"));
    Process restart =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("restart.log").toFile())
            .start();
    if (restart.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("restart.log")));
    }
  }

  /** How many runs have not ended; many, while the database is away. */
  int live() {
    return count("SELECT count(*) FROM run WHERE finished_at IS NULL");
  }

  /** How many requests are reserved of budgets. */
  int held() {
    return count("SELECT count(*) FROM budget_hold");
  }

  /** How many notices have not been decided on, sent or told together. */
  int untold() {
    return count(
        """
        SELECT (SELECT count(*) FROM notice_event) + (SELECT count(*) FROM notice_held)
          + (SELECT count(*) FROM callback_delivery WHERE state = 'pending')
        """);
  }

  /** What a query counts. */
  int count(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** Waits until all runs have ended. */
  void awaitEnds() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (live() > 0) {
      assertTrue(System.nanoTime() < end, () -> live() + " runs did not end");
      Thread.sleep(50);
    }
  }

  /** Whether the slots of all tasks are as the rules say. */
  boolean slotsAreRight() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet wrong = statement.executeQuery(SlotStatements.WRONG)) {
      return !wrong.next();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), EmbeddedDatabase.USER, database.password());
  }

  private Path pgCtl() throws IOException {
    try (Stream<Path> files = Files.find(folder, 4, (p, a) -> p.endsWith("bin/pg_ctl"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Override
  public void close() {
    database.stop();
  }
}
