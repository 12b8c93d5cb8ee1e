package dev.errand.runs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.base.database.InterruptGate;
import dev.errand.base.database.Sql;
import dev.errand.runs.entry.NewEntries;
import dev.errand.support.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Statements that lock several runs lock them in one order, and are not cut off in their midst. */
@Timeout(120)
class RunLocksTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final String WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted";

  @TempDir static Path folder;
  private static EmbeddedDatabase server;
  private static FilledDatabase database;
  private static RunQueue queue;
  private static RunWrites writes;
  private static UUID task;
  private static UUID profile;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private List<Claim> claims = List.of();

  @BeforeAll
  static void open() throws SQLException {
    server = EmbeddedDatabase.startIn(folder);
    database = new FilledDatabase(server, "locks");
    queue = database.queue();
    writes = database.writes();
    task = UUID.fromString(database.rows("SELECT id FROM numbered LIMIT 1").getFirst());
    profile =
        UUID.fromString(
            database.rows("SELECT profile_id FROM task WHERE id = '" + task + "'").getFirst());
  }

  @AfterAll
  static void close() {
    database.close();
    server.stop();
  }

  @BeforeEach
  void runs() throws SQLException {
    database.change("TRUNCATE run CASCADE");
    for (int i = 0; i < 20; i++) {
      writes.enqueue(run("r" + i));
    }
    claims =
        queue.claim(20, LEASE).stream().sorted(Comparator.comparingLong(Claim::runId)).toList();
    assertEquals(20, claims.size());
  }

  private static NewRun run(String name) {
    return new NewRun(task, profile, name, "{}", "{}", "{}", 0, false, null, "{}", null);
  }

  @Test
  void leasesAreExtendedInTheOrderOfTheRuns() throws Exception {
    lastIsFreeWhileFirstIsAwaited(() -> queue.extend(claims.reversed(), LEASE));
  }

  @Test
  void allRunsOfATaskAreEndedInTheirOrder() throws Exception {
    // The first becomes the last in the index that the runs are found by.
    database.change("UPDATE run SET available_at = now() + interval '1 s' WHERE name = 'r0'");
    lastIsFreeWhileFirstIsAwaited(
        () ->
            new Sql(database.source())
                .statement(RunControl.END_ALL)
                .with("error_code", "c")
                .with("error_message", "m")
                .with("task_id", task)
                .with("last_entry", "{}")
                .run());
  }

  private void lastIsFreeWhileFirstIsAwaited(Runnable statement) throws Exception {
    try (Connection first = database.source().getConnection();
        Connection last = database.source().getConnection();
        Statement locking = first.createStatement();
        Statement looking = last.createStatement()) {
      first.setAutoCommit(false);
      locking.execute("SELECT FROM run WHERE id = " + claims.getFirst().runId() + " FOR UPDATE");
      Future<?> waiting = threads.submit(statement);
      Eventually.await("a statement that waits", () -> !rows(WAITING).equals(List.of("0")));
      looking.execute(
          "SELECT FROM run WHERE id = " + claims.getLast().runId() + " FOR UPDATE NOWAIT");
      first.rollback();
      waiting.get();
    }
  }

  private static List<String> rows(String sql) {
    try {
      return database.rows(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void entriesEndsAndLeasesDoNotDeadlock() throws Exception {
    List<Future<?>> all = new ArrayList<>();
    AtomicBoolean ended = new AtomicBoolean();
    for (Claim claim : claims) {
      all.add(
          threads.submit(
              () -> {
                for (int i = 1; i < 50; i++) {
                  assertTrue(
                      writes.append(
                          claim, i, NewEntries.withoutWarnings(List.of("{}")), null, null));
                }
                assertTrue(
                    writes.finish(
                        claim,
                        NewEntries.withoutWarnings(List.of("{}")),
                        new RunEnd(RunStatus.READY, "{}", "done", false, null, null, null, "{}"),
                        null));
              }));
    }
    Future<?> extending =
        threads.submit(
            () -> {
              while (!ended.get()) {
                var _ = queue.extend(claims.reversed(), LEASE);
              }
            });
    for (Future<?> one : all) {
      one.get();
    }
    ended.set(true);
    extending.get();
    assertEquals(
        List.of("0"),
        database.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
  }

  @Test
  void anInterruptWaitsForTheEndOfAStatement() throws Exception {
    InterruptGate gate = new InterruptGate();
    Sql sql = new Sql(database.source());
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    try (Connection first = database.source().getConnection();
        Statement locking = first.createStatement()) {
      first.setAutoCommit(false);
      locking.execute("SELECT FROM run WHERE name = 'r0' FOR UPDATE");
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () ->
                      gate.run(
                          () -> {
                            sql.statement("SELECT FROM run WHERE name = 'r0' FOR UPDATE").run();
                            interrupted.complete(Thread.interrupted());
                          }));
      Eventually.await("a statement that waits", () -> !rows(WAITING).equals(List.of("0")));
      gate.interrupt();
      first.rollback();
      assertTrue(interrupted.get(), "It comes when the statement has ended.");
      thread.join();
    }
  }
}
