package dev.errand.runs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.base.database.NamedSql;
import dev.errand.base.database.Sql;
import dev.errand.runs.history.ArchiveStatements;
import dev.errand.runs.history.UsageStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever has ended costs the queue nothing: its statements go by the indexes that only what lives
 * is in. {@code -Derrand.test.finished=1000000} fills the table with so many ended runs.
 */
class RunPlansTest {
  private static final int FINISHED = Integer.getInteger("errand.test.finished", 200_000);
  private static final Pattern INDEX = Pattern.compile("(?:using|Bitmap Index Scan on) (run_\\w+)");
  private static final Pattern BUFFERS =
      Pattern.compile("^ *Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");
  private static final Map<String, String> CLAIM_VALUES = Map.of("most", "8", "lease_ms", "20000");

  @TempDir static Path folder;
  private static EmbeddedDatabase server;
  private static FilledDatabase database;
  private static String profile;
  private static String task;

  @BeforeAll
  static void fill() throws SQLException {
    server = EmbeddedDatabase.startIn(folder);
    database = new FilledDatabase(server, "plans");
    database.finished(FINISHED);
    // The planner knows nothing of these: nobody has looked since.
    database.waiting(20_000, 20);
    database.slots().repair();
    assertEquals(64, database.queue().claim(64, Duration.ofMinutes(1)).size());
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT profile_id, id FROM numbered LIMIT 1")) {
      row.next();
      profile = "'" + row.getObject(1, UUID.class) + "'";
      task = "'" + row.getObject(2, UUID.class) + "'";
    }
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      // Names that are kept for ever grow to be many.
      statement.execute(
          "INSERT INTO run_tombstone (task_id, name) SELECT "
              + task
              + ", 'gone-' || n FROM generate_series(1, 50000) AS n");
      statement.execute("ANALYZE run_tombstone");
      statement.execute(
          "INSERT INTO usage_tally (profile_id, task_id, day, status, usage) SELECT profile_id, id,"
              + " current_date, 'ready', '{}' FROM numbered, generate_series(1, 500)");
    }
  }

  @AfterAll
  static void stop() {
    database.close();
    server.stop();
  }

  @Test
  void aClaimLooksAtWhatIsEligible() throws SQLException {
    assertIndexes(
        RunStatements.CLAIM,
        CLAIM_VALUES,
        Set.of("run_eligible", "run_eligible_by_age", "run_pkey"));
  }

  @Test
  void aClaimThatPassesOverSomeLooksAtWhatIsEligible() throws SQLException {
    assertIndexes(
        RunStatements.CLAIM_OF_SOME,
        claimOfSome(profile),
        Set.of("run_eligible_by_turn", "run_eligible_by_age", "run_pkey"));
  }

  /** The values of a claim that passes over a profile. */
  private static Map<String, String> claimOfSome(String limited) {
    Map<String, String> values = new HashMap<>(CLAIM_VALUES);
    values.put("full_users", array("00000000-0000-0000-0000-000000000001"));
    values.put("limited", array(limited));
    values.put("limits", array("0"));
    values.put("profiles", "64");
    values.put("from", "'00000000-0000-0000-0000-000000000000'");
    return values;
  }

  @Test
  void aRescueLooksAtWhatRuns() throws SQLException {
    assertIndexes(
        RunControl.RESCUE,
        Map.of(
            "losses",
            "5",
            "most",
            "100",
            "error_code",
            "'c'",
            "error_message",
            "'m'",
            "last_entry",
            "'{}'"),
        Set.of("run_held", "run_pkey"));
  }

  @Test
  void theQueuesDepthIsSeenInWhatLives() throws SQLException {
    assertIndexes(RunStatements.DEPTH, Map.of(), Set.of("run_queued", "run_held"));
  }

  @Test
  void wantedAreProcessesForWhatCouldBeWorkedNow() throws SQLException {
    // 20 tasks with 64 slots each, most of 20,000 runs wait for one.
    assertEquals(20, QueueDepth.read(new Sql(database.source())).processes(64, 1000));
    QueueDepth depth = QueueDepth.read(new Sql(database.source()));
    assertEquals(depth.running(), depth.processes(64, 1), "all that run are held somewhere");
    assertEquals(List.of("20"), database.rows("SELECT ceil(runs / 64.0)::text FROM queue_load"));
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      assertEquals(20 * 64, load(statement));
      // Of a task with 64 slots, of which nobody has given one away, and none is held.
      String run =
          "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, available_at,"
              + " eligibility) SELECT id, profile_id, '%s-' || n, '{}', '{}', '{}', now() + '%s',"
              + " '%s' FROM numbered, generate_series(1, 50) AS n WHERE number = 99";
      statement.execute(run.formatted("later", "1 minute", "later"));
      assertEquals(20 * 64, load(statement), "their time has not come");
      statement.execute(run.formatted("due", "-1 minute", "later"));
      assertEquals(20 * 64 + 50, load(statement));
      statement.execute(run.formatted("waiting", "-1 minute", "waiting"));
      assertEquals(20 * 64 + 64, load(statement), "the task has no more slots");
      String process =
          "INSERT INTO worker_process (id, name, version, capacity, busy, waiting, started_at,"
              + " seen_at) VALUES (gen_random_uuid(), 'one', '1', 2000, 1280, %d, now(), now() - interval '%s')";
      statement.execute(process.formatted(64, "59 seconds"));
      assertEquals(20 * 64, load(statement), "as many wait for a model");
      statement.execute(process.formatted(64, "2 minutes"));
      assertEquals(20 * 64, load(statement), "that process is gone");
      statement.execute(process.formatted(5000, "0 seconds"));
      assertEquals(20 * 64, load(statement), "what waits for a process counts in any case");
      connection.rollback();
    }
  }

  @Test
  void theAgeOfTheQueueIsThatOfRunsThatCouldBegin() throws SQLException {
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "UPDATE run SET available_at = now() - interval '1 hour'"
              + " WHERE id IN (SELECT id FROM run WHERE status = 'pending'"
              + " AND eligibility = 'waiting' LIMIT 1)");
      Duration waiting = age(statement);
      assertTrue(waiting.compareTo(Duration.ofMinutes(50)) < 0, waiting::toString);
      statement.execute(
          "UPDATE run SET available_at = now() - interval '1 hour'"
              + " WHERE id IN (SELECT id FROM run WHERE status = 'pending'"
              + " AND eligibility = 'eligible' LIMIT 1)");
      assertEquals(Duration.ofHours(1), age(statement));
      connection.rollback();
    }
  }

  private static Duration age(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(RunStatements.DEPTH)) {
      row.next();
      return Duration.ofMillis(row.getLong("age_ms"));
    }
  }

  private static int load(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT runs FROM queue_load")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void whetherARunIsEligibleIsSeenInWhatLives() throws SQLException {
    assertIndexes(RunStatements.ANY_ELIGIBLE, Map.of(), Set.of("run_eligible"));
  }

  @Test
  void theQueueBoundLooksAtWhatWaits() throws SQLException {
    assertIndexes(
        RunStatements.QUEUED,
        Map.of("profile_id", profile, "bound", "20000"),
        Set.of("run_queued"));
  }

  @Test
  void anEnqueueLooksAtWhatLives() throws SQLException {
    Map<String, String> values = new HashMap<>();
    values.put("task_id", task);
    values.put("profile_id", profile);
    values.put("name", "'new'");
    values.put("depth", "'0'");
    values.put("alone", "'true'");
    values.put("scheduled_at", "NULL");
    values.put("traceparent", "NULL");
    values.put("parent", "NULL");
    for (String json : List.of("parameters", "assignment", "trigger", "entry")) {
      values.put(json, "'{}'");
    }
    Set<String> indexes =
        Set.of(
            "run_queued",
            "run_held",
            "run_eligible",
            "run_eligible_by_turn",
            "run_tombstone_pkey",
            "run_pkey",
            "profile_pkey");
    values.replaceAll((name, value) -> array(value.equals("'{}'") ? "'j'" : value));
    values.put("slots", "true");
    room(values);
    assertIndexes(WriteStatements.ENQUEUE, values, indexes);
  }

  private static void room(Map<String, String> values) {
    values.put("room", "8");
    values.put("spare", "56");
    values.put("full_users", "'{}'");
    values.put("limited", "'{}'");
    values.put("limits", "'{}'");
    values.put("lease_ms", "20000");
  }

  @Test
  void theSlotsOfATaskAreCountedInWhatLives() throws SQLException {
    Map<String, String> tasks = Map.of("task_ids", array(task));
    Set<String> indexes = Set.of("run_queued", "run_held", "run_pkey");
    Map<String, String> filling = new HashMap<>(tasks);
    room(filling);
    assertIndexes(
        SlotStatements.FILL_AND_BEGIN,
        filling,
        Set.of(
            "run_queued",
            "run_held",
            "run_pkey",
            "run_eligible",
            "run_eligible_by_turn",
            "profile_pkey",
            "task_pkey",
            "account_pkey"));
    assertIndexes(SlotStatements.TAKE_BACK, tasks, indexes);
    assertIndexes(
        SlotStatements.WAIT, tasks, Set.of("run_queued", "run_held", "run_later", "run_pkey"));
    assertIndexes(SlotStatements.DUE, Map.of("most", "100"), Set.of("run_later"));
  }

  @Test
  void runsAreFoundByTheirNamesWithoutLookingAtOthers() throws SQLException {
    assertIndexes(
        RunStatements.OUTCOMES,
        Map.of("task_ids", array(task), "names", array("'new'")),
        Set.of("run_task_id_name_key"));
  }

  /** An array of one value, which is written as a text so that it takes any type. */
  private static String array(String value) {
    return "'{" + value.replace("'", "") + "}'";
  }

  @Test
  void aDeletedTaskLooksAtWhatLives() throws SQLException {
    assertIndexes(RunControl.LIVE, Map.of("task_id", task), Set.of("run_queued", "run_held"));
    assertIndexes(
        RunControl.END_ALL,
        Map.of("error_code", "'c'", "error_message", "'m'", "task_id", task, "last_entry", "'{}'"),
        Set.of("run_queued", "run_held", "run_pkey"));
    assertIndexes(
        RunControl.END_ALL_OF_PROFILES,
        Map.of(
            "error_code",
            "'c'",
            "error_message",
            "'m'",
            "profile_ids",
            array(profile),
            "last_entry",
            "'{}'"),
        Set.of("run_queued", "run_held", "run_pkey"));
  }

  @Test
  void theRemovalOfOldRunsLooksAtOneBatch() throws SQLException {
    Map<String, String> values = Map.of("after", "0", "most", "500", "retention_ms", "1000");
    assertIndexes(ArchiveStatements.MARK, values, Set.of("run_pkey"));
    assertIndexes(
        ArchiveStatements.DELETE,
        values,
        Set.of("run_tombstone_due", "run_tombstone_pkey", "run_pkey"));
    assertIndexes(ArchiveStatements.FORGET, values, Set.of("run_tombstone_pkey"));
  }

  @Test
  void addingUpUsageReadsOneBatchOfTallies() throws SQLException {
    for (String told : plans(UsageStore.ADD_UP, Map.of("most", "2000"))) {
      assertTrue(told.contains("Tid Scan on usage_tally"), told);
      assertEquals(2, told.split("Seq Scan on usage_tally", -1).length, told);
      assertTrue(told.contains("Index Scan using profile_pkey"), told);
    }
  }

  @Test
  void aHeldRunIsFoundByItsNumber() throws SQLException {
    Set<String> key = Set.of("run_pkey");
    Map<String, String> several =
        Map.of("ids", "'{1,2}'", "attempts", "'{1,1}'", "lease_ms", "20000");
    assertIndexes(RunStatements.STILL_HELD, several, key);
    assertIndexes(RunStatements.EXTEND, several, key);
    assertIndexes(RunStatements.RELEASE, several, key);
    assertIndexes(WriteStatements.LOCK_RUNS, Map.of("locked_ids", "'{1,2}'"), key);
    Map<String, String> values = new HashMap<>();
    values.put("id", "1");
    values.put("attempt", "1");
    values.put("count", "1");
    values.put("entries", "'{x}'");
    values.put("usage", "'{}'");
    values.put("warnings", "NULL");
    values.put("delay_ms", "1");
    values.put("anew", "true");
    assertIndexes(RunStatements.POSTPONE, values, key);
    assertIndexes(WriteStatements.APPEND, ones(WriteStatements.APPEND), key);
    assertIndexes(WriteStatements.FINISH, ones(WriteStatements.FINISH), key);
  }

  // PostgreSQL plans each of the first five executions, and goes on doing so where it takes the
  // plan for any values to be dearer.
  @Test
  void aWriteOfOneRunIsNotPlannedEachTime() throws SQLException {
    for (String text : List.of(WriteStatements.APPEND, WriteStatements.FINISH)) {
      NamedSql sql = NamedSql.of(text);
      try (Connection connection = database.source().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DEALLOCATE ALL");
        statement.execute("PREPARE written AS " + numbered(sql));
        for (int i = 0; i < 8; i++) {
          List<String> _ = plan(statement, "EXPLAIN EXECUTE written " + given(sql, ones(text)));
        }
        assertEquals(
            List.of("3 of 8"),
            plan(
                statement,
                "SELECT generic_plans || ' of ' || generic_plans + custom_plans"
                    + " FROM pg_prepared_statements WHERE name = 'written'"),
            text);
      }
    }
  }

  /** An array of one for each parameter. */
  private static Map<String, String> ones(String statement) {
    return NamedSql.of(statement).names().stream()
        .distinct()
        .collect(Collectors.toMap(name -> name, name -> "'{1}'"));
  }

  @Test
  void aClaimReadsTheSameHoweverManyTasksWait() throws SQLException {
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      int few = blocks(statement);
      statement.execute("SAVEPOINT few");
      statement.execute(
          "INSERT INTO task (id, profile_id, name, runner, runner_settings, settings) SELECT"
              + " gen_random_uuid(), profile_id, 'more-' || n, 'openai', '{}', '{}' FROM"
              + " generate_series(1, 20000) AS n JOIN numbered ON number = n % 100");
      statement.execute(
          "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger,"
              + " eligibility, turn) SELECT id, profile_id, 'w-' || n, '{}', '{}', '{}',"
              + " CASE WHEN n % 2 = 0 THEN 'eligible' ELSE 'waiting' END, 1000 FROM task CROSS JOIN"
              + " generate_series(1, 2) AS n WHERE name LIKE 'more-%'");
      int many = blocks(statement);
      connection.rollback();
      assertTrue(many <= few * 1.2 + 8, many + " blocks beside 20000 tasks, " + few + " without");
    }
  }

  @Test
  void aClaimPassesOverThousandsWithoutReadingThem() throws SQLException {
    String user = "00000000-0000-0000-0000-000000000001";
    for (int profiles : List.of(1, 100)) {
      // What was rolled back is still in the indexes.
      database.change("VACUUM run");
      try (Connection connection = database.source().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        Map<String, String> values = claimOfSome(profile);
        int without = blocks(statement, RunStatements.CLAIM_OF_SOME, values);
        statement.execute("INSERT INTO account (id, username) VALUES ('" + user + "', 'hog')");
        statement.execute(
            "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), '"
                + user
                + "', 'hog-' || n FROM generate_series(1, "
                + profiles
                + ") AS n");
        statement.execute(
            "INSERT INTO task (id, profile_id, name, runner, runner_settings, settings) SELECT"
                + " gen_random_uuid(), id, 'hog', 'openai', '{}', '{}' FROM profile WHERE"
                + " account_id = '"
                + user
                + "'");
        // Before all others.
        statement.execute(
            "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger,"
                + " eligibility, turn) SELECT id, profile_id, 'h-' || n, '{}', '{}', '{}',"
                + " 'eligible', 1 FROM task CROSS JOIN generate_series(1, 20000 / "
                + profiles
                + ") AS n WHERE name = 'hog'");
        int beside = blocks(statement, RunStatements.CLAIM_OF_SOME, values);
        connection.rollback();
        // A few for each of its profiles.
        int most = without + without / 4 + 8 * profiles;
        assertTrue(
            beside <= most,
            beside
                + " blocks beside 20000 runs of "
                + profiles
                + " profiles, "
                + without
                + " without");
      }
    }
  }

  private static int blocks(Statement statement) throws SQLException {
    return blocks(statement, RunStatements.CLAIM, CLAIM_VALUES);
  }

  private static int blocks(Statement statement, String sql, Map<String, String> values)
      throws SQLException {
    statement.execute("DEALLOCATE ALL");
    statement.execute("PREPARE claim AS " + numbered(NamedSql.of(sql)));
    List<String> plan =
        plan(
            statement,
            "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE claim "
                + given(NamedSql.of(sql), values));
    for (String line : plan) {
      Matcher buffers = BUFFERS.matcher(line);
      if (buffers.find()) {
        return number(buffers.group(1)) + number(buffers.group(2));
      }
    }
    throw new AssertionError("The plan says nothing of blocks.");
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Both the plan for these values and the one for any are to be so. */
  private static void assertIndexes(String text, Map<String, String> values, Set<String> indexes)
      throws SQLException {
    for (String told : plans(text, values)) {
      assertFalse(told.contains("Seq Scan on run"), told);
      Set<String> used = new HashSet<>();
      Matcher index = INDEX.matcher(told);
      while (index.find()) {
        used.add(index.group(1));
      }
      assertTrue(indexes.containsAll(used), told);
      assertFalse(used.isEmpty(), told);
    }
  }

  private static List<String> plans(String text, Map<String, String> values) throws SQLException {
    NamedSql sql = NamedSql.of(text);
    List<String> all = new ArrayList<>();
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("DEALLOCATE ALL");
      statement.execute("PREPARE looked_at AS " + numbered(sql));
      for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
        statement.execute("SET LOCAL plan_cache_mode = " + mode);
        all.add(
            String.join("\n", plan(statement, "EXPLAIN EXECUTE looked_at " + given(sql, values))));
      }
      connection.rollback();
    }
    return all;
  }

  private static List<String> plan(Statement statement, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }

  private static String given(NamedSql sql, Map<String, String> values) {
    return sql.names().isEmpty()
        ? ""
        : sql.names().stream()
            .map(name -> Objects.requireNonNull(values.get(name), name))
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String numbered(NamedSql sql) {
    StringBuilder all = new StringBuilder();
    int number = 0;
    for (char c : sql.text().toCharArray()) {
      all.append(c == '?' ? "$" + ++number : String.valueOf(c));
    }
    return all.toString();
  }
}
