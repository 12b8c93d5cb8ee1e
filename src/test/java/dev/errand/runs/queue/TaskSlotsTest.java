package dev.errand.runs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.runs.entry.NewEntries;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs are eligible, and in which order they are claimed. */
class TaskSlotsTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final RunEnd END =
      new RunEnd(RunStatus.READY, "{}", "Done.", false, null, null, null, "{\"msg\": \"end\"}");

  @TempDir static Path folder;
  private static EmbeddedDatabase server;
  private static FilledDatabase database;
  private static RunQueue queue;
  private static TaskSlots slots;

  @BeforeAll
  static void open() throws SQLException {
    server = EmbeddedDatabase.startIn(folder);
    database = new FilledDatabase(server, "slots");
    queue = database.queue();
    slots = database.slots();
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
  void aRunThatEndsHandsItsSlotToTheOldestOfItsTask() throws SQLException {
    UUID task = task(0, 2);
    for (String name : List.of("r1", "r2", "r3", "r4")) {
      enqueue(task, name);
    }
    List<Claim> claims = queue.claim(10, LEASE);
    assertEquals(List.of("r1", "r2"), names(claims));
    assertEquals(List.of(), queue.claim(10, LEASE));
    finish(claims.getFirst());
    assertEquals(List.of("r3"), names(queue.claim(10, LEASE)));
    assertRight();
  }

  @Test
  void aRunBeginsWithTheSlotOfOneThatEndsWhereThereIsRoom() throws SQLException {
    UUID task = task(0, 1);
    for (String name : List.of("r1", "r2", "r3", "r4", "r5")) {
      enqueue(task, name);
    }
    RunWrites here = database.writes();
    TestRoom room = new TestRoom(2);
    here.beginIn(room);
    assertTrue(
        here.finish(
            queue.claim(1, LEASE).getFirst(),
            NewEntries.withoutWarnings(List.of("{}")),
            END,
            null));
    Claim second = room.begun.getFirst();
    assertEquals("r2", second.name());
    assertEquals(1, second.attempt());
    assertEquals(second, queue.stillHeld(List.of(second)).getFirst());
    assertEquals(1, room.free);
    assertEquals(List.of(), queue.claim(10, LEASE), "its slot is the only one");
    assertRight();

    // Without room for all that wait before it, it gets its slot and waits, too.
    enqueue(task(1, 1), "older");
    room.free = 1;
    assertTrue(here.finish(second, NewEntries.withoutWarnings(List.of("{}")), END, null));
    assertEquals(List.of("r2"), room.names());
    assertEquals(List.of("eligible"), eligibilityOf("r3"));
    Map<String, Claim> next = new HashMap<>();
    queue.claim(10, LEASE).forEach(claim -> next.put(claim.name(), claim));
    assertEquals(Set.of("older", "r3"), next.keySet());

    // Nor does it begin where its profile holds its share.
    room.free = 8;
    room.allowed = new Allowance(8, Set.of(), Map.of(profileOf(task), 0));
    assertTrue(
        here.finish(
            Objects.requireNonNull(next.get("r3")),
            NewEntries.withoutWarnings(List.of("{}")),
            END,
            null));
    assertEquals(List.of("eligible"), eligibilityOf("r4"));
    room.allowed = Allowance.of(8);
    assertTrue(
        here.finish(
            queue.claim(1, LEASE).getFirst(),
            NewEntries.withoutWarnings(List.of("{}")),
            END,
            null));
    assertEquals(List.of("r2", "r5"), room.names());
    assertEquals(7, room.free);
    assertRight();
  }

  @Test
  void aPostponedRunGivesUpItsSlotUntilItIsDue() throws SQLException {
    UUID task = task(0, 1);
    enqueue(task, "later");
    enqueue(task, "next");
    Claim claim = queue.claim(1, LEASE).getFirst();
    queue.postpone(claim, Duration.ofHours(1), NewEntries.withoutWarnings(List.of("{}")), "{}");
    List<Claim> next = queue.claim(10, LEASE);
    assertEquals(List.of("next"), names(next));
    database.change("UPDATE run SET available_at = now() WHERE name = 'later'");
    assertEquals(List.of(), queue.claim(10, LEASE));
    assertEquals(List.of("waiting"), eligibilityOf("later"));
    finish(next.getFirst());
    assertEquals(List.of("later"), names(queue.claim(10, LEASE)));
  }

  @Test
  void aRunThatGotItsSlotLateIsClaimedByItsAge() throws SQLException {
    UUID narrow = task(0, 1);
    UUID wide = task(1, 50, profileOf(narrow));
    enqueue(narrow, "n1");
    enqueue(narrow, "n2");
    Claim first = queue.claim(1, LEASE).getFirst();
    for (int i = 0; i < 5; i++) {
      enqueue(wide, "w" + i);
    }
    finish(first);
    assertEquals(List.of("n2"), names(queue.claim(1, LEASE)));
    assertEquals(List.of("w0", "w1", "w2", "w3", "w4"), names(queue.claim(10, LEASE)));
    assertRight();
  }

  @Test
  void profilesTakeTurns() throws SQLException {
    UUID busy = task(0, 64);
    UUID quiet = task(10, 64);
    for (int i = 0; i < 40; i++) {
      enqueue(busy, "b" + i);
    }
    assertEquals(10, queue.claim(10, LEASE).size());
    for (int i = 0; i < 4; i++) {
      enqueue(quiet, "q" + i);
    }
    List<String> next = names(queue.claim(8, LEASE));
    assertEquals(4, next.stream().filter(name -> name.startsWith("q")).count(), next.toString());
  }

  @Test
  void aLowerConcurrencyTakesSlotsBackAndAHigherOneGivesThem() throws SQLException {
    UUID task = task(0, 4);
    for (int i = 0; i < 8; i++) {
      enqueue(task, "r" + i);
    }
    assertEquals(List.of("r0"), names(queue.claim(1, LEASE)));
    setConcurrency(task, 2);
    assertEquals(Set.of(task), slots.wrong());
    int _ = slots.settle(Set.of(task));
    assertRight();
    assertEquals(List.of("r1"), names(queue.claim(10, LEASE)));
    setConcurrency(task, 5);
    assertEquals(3, slots.settle(Set.of(task)));
    assertEquals(List.of("r2", "r3", "r4"), names(queue.claim(10, LEASE)));
  }

  @Test
  void aRepairFindsWhatNobodyHasSettled() throws SQLException {
    UUID task = task(0, 2);
    for (int i = 0; i < 3; i++) {
      enqueue(task, "r" + i);
    }
    database.change("UPDATE run SET eligibility = 'waiting', turn = 0");
    assertEquals(List.of(), queue.claim(10, LEASE));
    assertEquals(Set.of(task), slots.repair());
    assertRight();
    assertEquals(List.of("r0", "r1"), names(queue.claim(10, LEASE)));
  }

  @Test
  void eightWorkersNeverPassAConcurrencyAndLeaveNoRunBehind() throws Exception {
    int tasks = 20;
    Map<UUID, Integer> most = new ConcurrentHashMap<>();
    for (int i = 0; i < tasks; i++) {
      most.put(task(i * 5, 1 + i % 4), 1 + i % 4);
    }
    List<UUID> all = List.copyOf(most.keySet());
    Map<UUID, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger left = new AtomicInteger(400);
    AtomicInteger named = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int worker = 0; worker < 8; worker++) {
        Random random = new Random(worker);
        for (int i = 0; i < 50; i++) {
          UUID task = all.get(random.nextInt(tasks));
          workers.add(threads.submit(() -> enqueue(task, "r" + named.incrementAndGet())));
        }
        workers.add(threads.submit(() -> work(random, most, running, left)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
    assertEquals(List.of("400"), database.rows("SELECT count(*) FROM run WHERE status = 'ready'"));
    assertRight();
  }

  private static void work(
      Random random,
      Map<UUID, Integer> most,
      Map<UUID, AtomicInteger> running,
      AtomicInteger left) {
    while (left.get() > 0) {
      for (Claim claim : queue.claim(1 + random.nextInt(5), LEASE)) {
        AtomicInteger now = running.computeIfAbsent(claim.taskId(), id -> new AtomicInteger());
        int others = now.getAndIncrement();
        assertTrue(others < most.getOrDefault(claim.taskId(), 0), claim.task() + ": " + others);
        int choice = random.nextInt(10);
        if (choice == 0) {
          now.decrementAndGet();
          queue.postpone(claim, Duration.ZERO, NewEntries.withoutWarnings(List.of("{}")), "{}");
        } else if (choice == 1) {
          now.decrementAndGet();
          int _ = queue.release(List.of(claim));
        } else {
          queue.appendAfter(
              claim.entryCount(), claim, NewEntries.withoutWarnings(List.of("{}", "{}")), "{}");
          now.decrementAndGet();
          finish(claim);
          left.decrementAndGet();
        }
      }
    }
  }

  private static void finish(Claim claim) {
    queue.finish(claim, NewEntries.withoutWarnings(List.of()), END);
  }

  private static void enqueue(UUID task, String name) {
    NewRun run =
        new NewRun(
            task, profileOf(task), name, "{}", "{}", "{}", 0, false, null, "{\"n\": 0}", null);
    assertTrue(queue.enqueue(run).run() != null, name);
  }

  /** One of the hundred tasks; those of a ten are of one profile. */
  private static UUID task(int number, int concurrency) throws SQLException {
    UUID task =
        UUID.fromString(
            database.rows("SELECT id FROM numbered WHERE number = " + number).getFirst());
    setConcurrency(task, concurrency);
    return task;
  }

  private static UUID task(int number, int concurrency, UUID profile) throws SQLException {
    UUID task = task(number, concurrency);
    assertEquals(profile, profileOf(task));
    return task;
  }

  private static UUID profileOf(UUID task) {
    try {
      return UUID.fromString(
          database.rows("SELECT profile_id FROM task WHERE id = '" + task + "'").getFirst());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void setConcurrency(UUID task, int concurrency) throws SQLException {
    database.change(
        "UPDATE task SET settings = '{\"concurrency\": "
            + concurrency
            + "}' WHERE id = '"
            + task
            + "'");
  }

  private static List<String> eligibilityOf(String run) throws SQLException {
    return database.rows("SELECT eligibility FROM run WHERE name = '" + run + "'");
  }

  private static void assertRight() {
    assertEquals(Set.of(), slots.wrong());
  }

  private static List<String> names(List<Claim> claims) {
    return claims.stream().map(Claim::name).sorted().toList();
  }
}
