package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is claimed next: so many of a task at once, profiles in turn, and the oldest first. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ClaimTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int RUNS = 150 * (1 + 3 + 8);
  private static final long MODEL_TAKES_NANOS = 1_000_000;

  private final ScriptedModel model = new ScriptedModel();
  private final Map<Claim, RunPlaces.Place> taken = new HashMap<>();

  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunExecutor executor;
  @Inject DataSource database;

  @BeforeEach
  void beginAnew() throws SQLException {
    // What another test left behind would be claimed here, and what is left here elsewhere.
    change("TRUNCATE run CASCADE");
  }

  @AfterEach
  void leaveNothing() throws SQLException {
    model.close();
    change("TRUNCATE run CASCADE");
    change(
        "DELETE FROM task USING profile JOIN account ON account.id = account_id WHERE profile_id = profile.id AND username = ANY ('{hundred,single,many,full,crowd,others,limited,beside}')");
    change(
        "DELETE FROM account WHERE username = ANY ('{hundred,single,many,full,crowd,others,limited,beside}')");
  }

  @Test
  void aTaskHasAsManyRunsAtOnceAsItMayAndTheOldestFirst() {
    task("few", 2);
    task("one", 1);
    for (int i = 0; i < 5; i++) {
      trigger("few", "r" + i, Map.of()).then().statusCode(201);
    }
    trigger("one", "r9", Map.of()).then().statusCode(201);

    List<Claim> claims = queue.claim(10, LEASE);
    assertEquals(List.of("r0", "r1", "r9"), names(claims));
    assertEquals(List.of(), queue.claim(10, LEASE));
    HeldRun.execute(
        executor, claims.stream().filter(c -> c.name().equals("r1")).findFirst().orElseThrow());
    assertEquals(List.of("r2"), names(queue.claim(10, LEASE)));
    task("few", 4);
    awaitSettledSlots();
    assertEquals(List.of("r3"), names(queue.claim(1, LEASE)));
    task("few", 1);
    awaitSettledSlots();
    assertEquals(List.of(), queue.claim(10, LEASE));
  }

  @Test
  void aProcessThatExecutesNoRunsLeavesThemToTheNextEvent() throws InterruptedException {
    TestWorkerConfig config = new TestWorkerConfig(0);
    RequestWorker none = new RequestWorker(new Worker(queue, slots, executor, config), config);
    assertTrue(none.work(Duration.ofSeconds(10)), "nothing is left");
    task("left", 1);
    trigger("left", "r", Map.of()).then().statusCode(201);
    assertFalse(none.work(Duration.ofSeconds(10)));
  }

  @Test
  void aRunThatIsNotDueIsNotClaimedAndDoesNotBlockOthers() throws SQLException {
    task("due", 1);
    trigger("due", "later", Map.of());
    change(
        "UPDATE run SET available_at = now() + interval '1 hour', eligibility = 'later', turn = 0");
    trigger("due", "now", Map.of());

    assertEquals(List.of("now"), names(queue.claim(10, LEASE)));
  }

  @Test
  void tenThousandRunsOfAProfileDoNotKeepAnothersSingleOneWaiting() throws SQLException {
    task("many", 1000);
    trigger("many", "first", Map.of());
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, available_at)"
            + " SELECT task_id, profile_id, 'r' || number, parameters, assignment, trigger,"
            + " now() - interval '1 minute' FROM run, generate_series(1, 9999) AS number");
    slots.repair();
    assertEquals(8, queue.claim(8, LEASE).size());
    OtherUser other = OtherUser.named("patient", database);
    other
        .api()
        .body(
            "{\"runner\": \"openai\", \"openai\": {\"prompt\": \"x\", \"model\": \"m\","
                + " \"base_url\": \""
                + model.url()
                + "\"}, \"settings\": {\"key\": \"sk-a-key-for-tests-1234\"}}")
        .put(TASKS + "/single")
        .then()
        .statusCode(201);
    for (int i = 0; i < 3; i++) {
      other.api().put(TASKS + "/single/runs/its" + i).then().statusCode(201);
    }

    List<String> next = new ArrayList<>(names(queue.claim(1, LEASE)));
    next.addAll(names(queue.claim(1, LEASE)));
    assertTrue(next.contains("its0"), next.toString());
    next.addAll(names(queue.claim(4, LEASE)));
    assertTrue(next.containsAll(List.of("its1", "its2")), next.toString());
    assertEquals(6, next.size());
  }

  @Test
  void aHundredProfilesOfAUserDoNotKeepAnotherWaiting() throws SQLException {
    enqueue("hundred", 100, 10);
    RunPlaces places = new RunPlaces(64, RunPlaces.number(64), Long.MAX_VALUE);
    Deque<Claim> hogs = new ArrayDeque<>();
    List<Claim> some;
    do {
      some = claim(places);
      hogs.addAll(some);
    } while (!some.isEmpty());
    assertEquals(68, hogs.size());
    enqueue("single", 1, 1);
    List<Claim> next = claim(places);
    assertEquals(List.of("single/p1"), profiles(next), "the next claim");
    end(next.getFirst());

    // A hundred of the hog's runs have each of the turns that these get.
    enqueue("many", 1, 100);
    List<Claim> others = new ArrayList<>();
    for (int ended = 0; ended < 30; ended++) {
      for (Claim claim : claim(places)) {
        (claim.profile().equals("many/p1") ? others : hogs).add(claim);
      }
      end(hogs.removeFirst());
    }
    assertTrue(others.size() >= 20, others.size() + " beside " + hogs.size());
    assertTrue(hogs.size() > others.size(), others.size() + " beside " + hogs.size());
  }

  @Test
  void moreProfilesThanAClaimComparesAreAllClaimed() throws SQLException {
    enqueue("full", 3, 100);
    Set<UUID> full = Set.of(queue.claim(1, LEASE).getFirst().ownerId());
    enqueue("crowd", 200, 2);
    List<Claim> claims = new ArrayList<>();
    List<Claim> some;
    do {
      some = queue.claim(new Allowance(3, full, Map.of()), LEASE);
      claims.addAll(some);
    } while (some.size() == 3);
    assertEquals(400, claims.size());
    assertEquals(400, claims.stream().map(Claim::runId).distinct().count());
    assertFalse(claims.stream().anyMatch(claim -> full.contains(claim.ownerId())));
    assertEquals(299, queue.claim(500, LEASE).size());
  }

  @Test
  void concurrentClaimsThatPassOverSomeTakeARunOnce() throws Exception {
    enqueue("full", 2, 50);
    Set<UUID> full = Set.of(queue.claim(1, LEASE).getFirst().ownerId());
    enqueue("others", 5, 40);
    List<Claim> claims = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Claim>>> all =
          IntStream.range(0, 8)
              .mapToObj(
                  i -> threads.submit(() -> queue.claim(new Allowance(20, full, Map.of()), LEASE)))
              .toList();
      for (Future<List<Claim>> of : all) {
        claims.addAll(of.get());
      }
    }
    assertEquals(160, claims.size());
    assertEquals(160, claims.stream().map(Claim::runId).distinct().count());
    assertFalse(claims.stream().anyMatch(claim -> full.contains(claim.ownerId())));
  }

  @Test
  void aLimitedProfileGetsNoMoreAndItsOldestFirst() throws SQLException {
    enqueue("limited", 1, 20);
    enqueue("beside", 1, 20);
    List<Claim> first = queue.claim(2, LEASE);
    UUID limited =
        first.stream()
            .filter(claim -> claim.profile().equals("limited/p1"))
            .findFirst()
            .orElseThrow()
            .profileId();
    List<Claim> claims = queue.claim(new Allowance(10, Set.of(), Map.of(limited, 3)), LEASE);
    assertEquals(10, claims.size());
    assertEquals(
        List.of("r2", "r3", "r4"),
        names(claims.stream().filter(claim -> claim.profileId().equals(limited)).toList()));
  }

  @Test
  void aLimitedProfileUsesUpItsLowestTurns() throws SQLException {
    enqueue("limited", 1, 3);
    change("UPDATE run SET turn = CASE name WHEN 'r1' THEN 1 WHEN 'r2' THEN 9 ELSE 2 END");
    UUID limited = UUID.fromString(text("SELECT profile_id FROM run LIMIT 1"));
    Allowance allowance = new Allowance(3, Set.of(), Map.of(limited, 2));
    assertEquals(List.of("r1", "r2"), names(queue.claim(allowance, LEASE)));
    assertEquals("9", text("SELECT turn FROM run WHERE status = 'pending'"));
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }

  /** Claims once, as a worker with these places does. */
  private List<Claim> claim(RunPlaces places) {
    List<Claim> claims;
    try (RunPlaces.Reserved reserved = places.reserve((places.free() + 1) / 2)) {
      claims = queue.claim(reserved.allowance(List.of()), LEASE);
      claims.forEach(claim -> taken.put(claim, reserved.take(claim)));
    }
    return claims;
  }

  private void end(Claim claim) {
    queue.finish(
        claim,
        NewEntries.withoutWarnings(List.of()),
        new RunEnd(RunStatus.READY, "{}", "Done.", false, null, null, null, "{}"));
    Objects.requireNonNull(taken.remove(claim)).close();
  }

  private static List<String> profiles(List<Claim> claims) {
    return claims.stream().map(Claim::profile).toList();
  }

  /** Runs of a user, of one task in each profile. */
  private void enqueue(String user, int profiles, int each) throws SQLException {
    change("INSERT INTO account (id, username) VALUES (gen_random_uuid(), '" + user + "')");
    change(
        "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), id, 'p' || n FROM"
            + " account, generate_series(1, "
            + profiles
            + ") AS n WHERE username = '"
            + user
            + "'");
    change(
        "INSERT INTO task (id, profile_id, name, runner, runner_settings, settings) SELECT"
            + " gen_random_uuid(), profile.id, 't', 'openai', '{}', '{\"concurrency\": 1000}'"
            + " FROM profile JOIN account ON account.id = account_id WHERE username = '"
            + user
            + "'");
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, available_at)"
            + " SELECT task.id, profile_id, 'r' || n, '{}', '{}', '{}', now() - interval '1 hour' +"
            + " n * interval '1 second' FROM task JOIN profile ON profile.id = profile_id JOIN"
            + " account ON account.id = account_id, generate_series(1, "
            + each
            + ") AS n WHERE username = '"
            + user
            + "'");
    Set<UUID> _ = slots.repair();
  }

  @Test
  void eightConcurrentClaimsTakeOneRun() throws Exception {
    task("narrow", 3);
    task("wide", 50);
    for (int i = 0; i < 40; i++) {
      trigger("narrow", "n" + i, Map.of());
      trigger("wide", "w" + i, Map.of());
    }
    List<Claim> claims = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Claim>>> all =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> queue.claim(20, LEASE)))
              .toList();
      for (Future<List<Claim>> some : all) {
        claims.addAll(some.get());
      }
    }
    assertEquals(3, claims.stream().filter(c -> c.name().startsWith("n")).count());
    assertEquals(43, claims.stream().map(Claim::runId).distinct().count());
    assertEquals(43, claims.size());
  }

  @Test
  void aClaimThatBeginsDuringAnotherCountsWhatThatOneTakes() throws Exception {
    task("turns", 2);
    for (String name : List.of("r1", "r2", "r3")) {
      trigger("turns", name, Map.of()).then().statusCode(201);
    }
    change(
        """
        CREATE FUNCTION hold_claims() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN new; END $$""");
    change(
        "CREATE TRIGGER hold_claims BEFORE UPDATE ON run FOR EACH ROW WHEN (new.status ="
            + " 'running') EXECUTE FUNCTION hold_claims()");
    List<Claim> claims = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection holding = database.getConnection();
        Statement hold = holding.createStatement()) {
      hold.execute("SELECT pg_advisory_lock(42)");
      Future<List<Claim>> first = threads.submit(() -> queue.claim(10, LEASE));
      Eventually.await("a claim that is held up", () -> waitingForLocks() == 1);
      // Now another one is the oldest, and still has no slot.
      change("UPDATE run SET available_at = now() - interval '1 hour' WHERE name = 'r3'");
      assertEquals(List.of(), queue.claim(10, LEASE));
      hold.execute("SELECT pg_advisory_unlock(42)");
      claims.addAll(first.get());
    } finally {
      change("DROP TRIGGER hold_claims ON run");
      change("DROP FUNCTION hold_claims");
    }
    assertEquals(List.of("r1", "r2"), names(claims));
  }

  private int waitingForLocks() {
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoWorkersNeverPassATasksConcurrency() throws Exception {
    Map<String, Integer> most = Map.of("c1", 1, "c3", 3, "c8", 8);
    ConcurrentMap<String, AtomicInteger> now = new ConcurrentHashMap<>();
    ConcurrentMap<String, Integer> highest = new ConcurrentHashMap<>();
    model.script(
        request -> {
          String task = request.lastMessage().path("content").asText();
          AtomicInteger at = now.computeIfAbsent(task, name -> new AtomicInteger());
          highest.merge(task, at.incrementAndGet(), Math::max);
          LockSupport.parkNanos(MODEL_TAKES_NANOS);
          at.decrementAndGet();
          return say("ok");
        });
    most.forEach(this::task);
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT"
            + " task.id, task.profile_id, 'r' || number, '{}', json_build_object('openai',"
            + " task.runner_settings::json, 'settings', task.settings::json)::text, '{}' FROM task,"
            + " generate_series(1, 150 * task.concurrency) AS number WHERE task.name IN ('c1', 'c3', 'c8')");
    change(
        "INSERT INTO run_entry (run_id, seq, entry) SELECT run.id, 0, json_build_object('msg',"
            + " 'message', 'exchange', json_build_object('role', 'user', 'content', task.name))"
            + " FROM run JOIN task ON task.id = task_id");
    change("UPDATE run SET entry_count = 1");

    int done = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> workers =
          List.of(threads.submit(() -> workAll()), threads.submit(() -> workAll()));
      for (Future<Integer> worker : workers) {
        done += worker.get();
      }
    }

    assertEquals(RUNS, done);
    assertEquals(RUNS, model.requests().size());
    most.forEach(
        (task, bound) -> assertTrue(highest.getOrDefault(task, 0) <= bound, task + ": " + highest));
  }

  @Test
  void aRunThatAsksItsModelLetsAnotherBegin() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    model.script(
        request -> {
          try {
            answers.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ScriptedModel.say("Done.");
        });
    task("asking", 10);
    for (String run : List.of("r1", "r2", "r3")) {
      trigger("asking", run, Map.of()).then().statusCode(201);
    }
    // Two working places, of which a claim takes one.
    Worker worker = new Worker(queue, slots, executor, new TestWorkerConfig(1).holding(10));
    Semaphore signals = new Semaphore(0);
    List<Future<?>> begun = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      begun.addAll(worker.begin(signals::release).runs());
      assertTrue(signals.tryAcquire(1, TimeUnit.MINUTES), "no signal after " + begun.size());
    }
    assertEquals(3, begun.size());
    assertEquals(3, worker.holds());
    assertEquals(3, worker.waiting());
    assertEquals(2, worker.room());
    answers.countDown();
    assertEquals(3, awaitAll(begun));
  }

  private int workAll() throws Exception {
    Worker worker = new Worker(queue, slots, executor, new TestWorkerConfig(12));
    int done = 0;
    while (waiting()) {
      done += awaitAll(worker.begin(() -> {}).runs());
    }
    return done;
  }

  private boolean waiting() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT FROM run WHERE status = 'pending' LIMIT 1");
        var rows = select.executeQuery()) {
      return rows.next();
    }
  }

  private void task(String name, int concurrency) {
    register(
            name, name, model, Map.of("key", "sk-a-key-for-tests-1234", "concurrency", concurrency))
        .then();
  }

  /** A changed concurrency is settled after its request has been answered. */
  private void awaitSettledSlots() {
    Eventually.await("settled slots", () -> slots.wrong().isEmpty());
  }

  private static List<String> names(List<Claim> claims) {
    return claims.stream().map(Claim::name).sorted().toList();
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.executeUpdate();
    }
  }
}
