package dev.errand.runs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.base.database.DatabaseException;
import dev.errand.runs.entry.NewEntries;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that share commits, each with a result of its own. */
class RunWritesTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int RUNS = 60;

  @TempDir static Path folder;
  private static EmbeddedDatabase server;
  private static FilledDatabase database;
  private static RunWrites writes;
  private static RunQueue queue;
  private static UUID task;
  private static UUID profile;

  @BeforeAll
  static void open() throws SQLException {
    server = EmbeddedDatabase.startIn(folder);
    database = new FilledDatabase(server, "writes");
    writes = database.writes();
    queue = database.queue();
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
  void noRuns() throws SQLException {
    database.change("TRUNCATE run CASCADE");
  }

  @Test
  void manyEnqueuesTakeFewerCommits() throws Exception {
    long before = commits();
    assertEquals(
        RUNS, together(run -> writes.enqueue(run)).stream().flatMap(Optional::stream).count());
    long own = commits() - before;
    assertTrue(own < RUNS, own + " commits of " + RUNS + " enqueues");
    assertEquals(
        List.of(Integer.toString(RUNS)),
        database.rows("SELECT count(*) FROM run_entry WHERE seq = 0"));
  }

  @Test
  void ofManyWithOneNameOneIsEnqueued() throws Exception {
    List<Optional<Run>> all = together(run -> writes.enqueue(named("same", "{}")));
    assertEquals(1, all.stream().flatMap(Optional::stream).count());
    assertEquals(List.of("1"), database.rows("SELECT count(*) FROM run_entry"));
  }

  @Test
  void aWriteThatFailsDoesNotAffectOthers() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Run>>> good = new ArrayList<>();
      List<Future<Optional<Run>>> bad = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        NewRun run = named("r" + i, "{}");
        good.add(threads.submit(() -> writes.enqueue(run)));
        if (i % 20 == 10) {
          // PostgreSQL's text holds no NUL.
          NewRun poison = named("p" + i, "{\0}");
          bad.add(threads.submit(() -> writes.enqueue(poison)));
        }
      }
      for (Future<Optional<Run>> run : good) {
        assertTrue(run.get().isPresent());
      }
      for (Future<Optional<Run>> run : bad) {
        ExecutionException e = assertThrows(ExecutionException.class, run::get);
        assertTrue(e.getCause() instanceof DatabaseException, e.toString());
      }
    }
  }

  @Test
  void eachClaimFencesItsOwnWrites() throws Exception {
    together(run -> writes.enqueue(run));
    List<Claim> claims = queue.claim(RUNS, LEASE);
    assertEquals(RUNS, claims.size());
    List<Claim> lost = claims.subList(0, RUNS / 2);
    assertEquals(RUNS / 2, queue.release(lost));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (Claim claim : claims) {
        results.add(
            threads.submit(
                () ->
                    writes.append(
                        claim,
                        1,
                        NewEntries.withoutWarnings(List.of("{\"a\": 1}", "{}")),
                        "{}",
                        null)));
      }
      for (int i = 0; i < RUNS; i++) {
        assertEquals(!lost.contains(claims.get(i)), results.get(i).get());
      }
    }
    Claim held = claims.getLast();
    assertFalse(
        writes.append(held, 1, NewEntries.withoutWarnings(List.of("{}")), "{}", null),
        "It has three entries by now.");
    assertEquals(
        List.of("{\"n\": 0}", "{\"a\": 1}", "{}"),
        database.rows(
            "SELECT entry FROM run_entry WHERE run_id = " + held.runId() + " ORDER BY seq"));
  }

  /** So that PostgreSQL writes to no index when a run goes on (heap-only tuples). */
  @Test
  void noIndexHasAColumnThatAppendsAndLeasesChange() throws SQLException {
    List<String> indexes =
        database.rows(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'run'::regclass");
    assertTrue(indexes.size() > 8, indexes.toString());
    Pattern changed =
        Pattern.compile("\\b(usage|losses|entry_count|modified_at|lease_until|attempt)\\b");
    assertEquals(List.of(), indexes.stream().filter(changed.asPredicate()).toList());
  }

  @Test
  void onlyARunThatCanBeClaimedIsAnnouncedAsEligible() throws SQLException {
    database.change("UPDATE task SET settings = '{\"concurrency\": 1}' WHERE id = '" + task + "'");
    try {
      List<Boolean> eligible = new ArrayList<>();
      RunWrites here =
          database.writes(
              new FilledDatabase.ObservedEvent<RunEnqueued>(run -> eligible.add(run.isEligible())));
      here.enqueue(named("first", "{}"));
      here.enqueue(named("second", "{}"));
      assertEquals(List.of(true, false), eligible);
    } finally {
      database.change(
          "UPDATE task SET settings = '{\"concurrency\": 64}' WHERE id = '" + task + "'");
    }
  }

  @Test
  void aRunBeginsWithItsCommitWhereThereIsRoom() throws SQLException {
    RunWrites here = database.writes();
    TestRoom room = new TestRoom(2);
    here.beginIn(room);
    Run first = here.enqueue(named("first", "{}")).orElseThrow();
    assertEquals(RunStatus.RUNNING, first.status());
    assertEquals(List.of("first"), room.names());
    assertTrue(here.enqueue(named("first", "{}")).isEmpty());
    assertEquals(1, room.free, "What the refused one did not need is given back.");
    assertEquals(List.of(), queue.claim(10, LEASE));

    RunWrites elsewhere = database.writes();
    assertEquals(RunStatus.PENDING, elsewhere.enqueue(named("waits", "{}")).orElseThrow().status());
    assertEquals(
        RunStatus.PENDING,
        here.enqueue(named("younger", "{}")).orElseThrow().status(),
        "It does not take the room of one that waits.");
    assertEquals(1, room.free);
    assertEquals(
        List.of("waits", "younger"),
        queue.claim(10, LEASE).stream().map(Claim::name).sorted().toList());
    assertEquals(RunStatus.RUNNING, here.enqueue(named("last", "{}")).orElseThrow().status());
    assertEquals(0, room.free);
    assertEquals(RunStatus.PENDING, here.enqueue(named("full", "{}")).orElseThrow().status());
    room.free = 2;
    assertEquals(
        RunStatus.RUNNING,
        here.enqueue(named("beside", "{}")).orElseThrow().status(),
        "There is room for the one that waits, too.");
  }

  @Test
  void aRunOfWhoeverHoldsItsShareDoesNotBeginWithItsCommit() throws SQLException {
    RunWrites here = database.writes();
    TestRoom room = new TestRoom(8);
    here.beginIn(room);
    room.allowed = new Allowance(8, Set.of(), Map.of(profile, 0));
    assertEquals(RunStatus.PENDING, here.enqueue(named("profile", "{}")).orElseThrow().status());
    UUID user = UUID.fromString(database.rows("SELECT id FROM account").getFirst());
    room.allowed = new Allowance(8, Set.of(user), Map.of());
    assertEquals(RunStatus.PENDING, here.enqueue(named("user", "{}")).orElseThrow().status());
    assertEquals(8, room.free);
    room.allowed = new Allowance(8, Set.of(UUID.randomUUID()), Map.of(UUID.randomUUID(), 0));
    assertEquals(RunStatus.RUNNING, here.enqueue(named("other", "{}")).orElseThrow().status());
    assertEquals(List.of("other"), room.names());
  }

  @Test
  void noMoreRunsOfAProfileBeginWithACommitThanItMayHave() throws Exception {
    RunWrites here = database.writes();
    TestRoom room = new TestRoom(RUNS);
    here.beginIn(room);
    room.allowed = new Allowance(RUNS, Set.of(), Map.of(profile, 3));
    together(here::enqueue);
    int begun = room.names().size();
    int commits = room.reservations;
    assertTrue(begun > 0 && begun <= 3 * commits, begun + " began in " + commits + " commits");
    assertEquals(RUNS - begun, room.free);
  }

  /** Does the same for many runs at once. */
  private interface Doing {
    Optional<Run> with(NewRun run);
  }

  private static List<Optional<Run>> together(Doing doing) throws Exception {
    List<Optional<Run>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Run>>> results = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        NewRun run = named("r" + i, "{}");
        results.add(threads.submit(() -> doing.with(run)));
      }
      for (Future<Optional<Run>> result : results) {
        all.add(result.get());
      }
    }
    return all;
  }

  private static NewRun named(String name, String parameters) {
    return new NewRun(
        task, profile, name, parameters, "{}", "{}", 0, false, null, "{\"n\": 0}", null);
  }

  // The counter of a database lags behind; the ids of transactions do not.
  private static long commits() throws SQLException {
    return Long.parseLong(database.rows("SELECT txid_current()").getFirst());
  }
}
