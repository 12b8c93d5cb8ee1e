package dev.errand.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Runs that start runs, on several servers that are killed with their database at random, never owe
 * the vendor more than a budget allows: one in tokens that ends them, and one in dollars for which
 * they wait until it is raised. {@code -Pchaos} is the long form, {@code verify} has a short one.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.0/8 is not all one's own")
class SpendingCrashIT {
  private static final Path FOLDER = Path.of("target", "spending");
  private static final String TOKENS = "default";
  private static final String DOLLARS = "profile-1";
  private static final Duration STAND_STILL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int AT_ONCE = 10;

  private final int runs = Integer.getInteger("chaos.spending.runs", 20);
  private final int servers = Integer.getInteger("chaos.spending.servers", 2);
  private final int kills = Integer.getInteger("chaos.spending.kills", 5);
  private final long seed = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);
  private final Till till = new Till();
  private int started;

  @Test
  void nobodyOwesMoreThanABudgetAllows() throws Exception {
    CrashIT.empty(FOLDER);
    long start = System.nanoTime();
    try (CrashDatabase database = new CrashDatabase(FOLDER.resolve("database"));
        Outside outside = new Outside(Fleet.freePort(), 400, till);
        Fleet fleet = new Fleet(FOLDER, outside, CrashIT.configuration(database, FOLDER));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread hook = fleet.start(servers, database);
      long tokens = 30_000L * runs;
      double dollars = 0.15 * runs;
      new Workload(0, 2, 0, new Random(seed)).register(database, fleet, outside);
      register(TOKENS, database, fleet, outside);
      register(DOLLARS, database, fleet, outside);
      budget(
          TOKENS,
          "\"period\": \"day\", \"tokens\": " + tokens + ", \"on_exhausted\": \"fail\"",
          fleet);
      budget(DOLLARS, dollarsOf(dollars), fleet);

      Havoc havoc =
          new Havoc(new Random(seed), fleet, outside, database, new Losses(), STAND_STILL);
      Future<?> triggered =
          threads.submit(
              () -> {
                start(runs, TOKENS, fleet);
                start(runs, DOLLARS, fleet);
                return null;
              });
      havoc.happen(kills, 4 * runs / kills, () -> !triggered.isDone() || going(database) > 0);
      fleet.allGoOn();
      triggered.get();
      awaitRest(database);
      while (failed(database) == 0) {
        start(AT_ONCE, TOKENS, fleet);
        awaitRest(database);
      }
      while (waiting(database) == 0) {
        start(AT_ONCE, DOLLARS, fleet);
        awaitRest(database);
      }
      long owedTokens = till.tokens(TOKENS);
      double owedDollars = till.usd(DOLLARS);
      int waited = waiting(database);
      assertTrue(owedTokens <= tokens, () -> owedTokens + " of " + tokens + " tokens");
      assertTrue(owedDollars <= dollars, () -> owedDollars + " of " + dollars + " dollars");

      budget(DOLLARS, dollarsOf(3 * dollars), fleet);
      Eventually.await("runs that go on", PATIENCE, () -> going(database) == 0);
      double owedAfter = till.usd(DOLLARS);
      assertTrue(owedAfter > owedDollars, "those that waited went on");
      assertTrue(owedAfter <= 3 * dollars, () -> owedAfter + " of " + 3 * dollars + " dollars");
      Eventually.await("nothing is reserved", PATIENCE, () -> database.held() == 0);
      System.out.printf(
          "seed %d: %d runs and those that they started on %d servers in %d s with %s: %d requests;"
              + " %d of %d tokens were owed, %d runs ended as budget_exceeded; %.2f of %.2f dollars, %d waited; %.2f of %.2f after a raise%n",
          seed,
          started,
          servers,
          (System.nanoTime() - start) / 1_000_000_000,
          havoc.done(),
          till.requests(),
          owedTokens,
          tokens,
          failed(database),
          owedDollars,
          dollars,
          waited,
          owedAfter,
          3 * dollars);
      assertEquals(0, database.count(OTHER_ENDS), "runs that failed for another reason");
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private static final String OTHER_ENDS =
      """
      SELECT count(*) FROM run WHERE status = 'error' AND error_code <> 'budget_exceeded'
      """;

  private static String dollarsOf(double most) {
    return "\"period\": \"month\", \"usd\": " + most + ", \"on_exhausted\": \"wait\"";
  }

  private void start(int number, String profile, Fleet fleet) throws InterruptedException {
    int wires = Wire.all().size();
    for (int i = 0; i < number; i++) {
      fleet.startRun(
          new Workload.Task(
              "/api/profiles/~/" + profile + "/tasks/root-" + started % wires, AT_ONCE, false),
          started);
      started++;
    }
  }

  private static void budget(String profile, String settings, Fleet fleet)
      throws InterruptedException {
    fleet.putUntilTaken("/api/profiles/~/" + profile + "/budgets/limit", "{" + settings + "}", 0);
  }

  private static void register(String profile, CrashDatabase database, Fleet fleet, Outside outside)
      throws InterruptedException {
    String path = "/api/profiles/~/" + profile;
    int before = database.count("SELECT count(*) FROM installation WHERE name = 'tasks'");
    Eventually.await(
        "the tool that starts runs",
        PATIENCE,
        () -> {
          try {
            fleet.post(
                path + "/installations",
                "{\"servlet_slug\": \"errand/tasks\", \"name\": \"tasks\"}",
                0);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return database.count("SELECT count(*) FROM installation WHERE name = 'tasks'") > before;
        });
    List<Wire> wires = Wire.all();
    for (int wire = 0; wire < wires.size(); wire++) {
      task(
          path + "/tasks/root-" + wire,
          wires.get(wire),
          Till.PROMPT + profile + " " + Till.ROOT + " {{ number }}",
          fleet,
          outside);
    }
    task(path + "/tasks/child", wires.getFirst(), Till.PROMPT + profile + " child", fleet, outside);
  }

  private static void task(String path, Wire wire, String prompt, Fleet fleet, Outside outside)
      throws InterruptedException {
    fleet.putUntilTaken(
        path,
        """
        {"runner": "%1$s", "%1$s": {"prompt": "%2$s", "model": "gpt-4o", "base_url": "%3$s"},
         "settings": {"key": "sk-a-key-for-the-crash-test", "concurrency": %4$d,
           "tools": ["tasks_run"], "max_attempts": 20, "timeout": "PT1H"}}
        """
            .formatted(wire.runner(), prompt, outside.modelUrl(), AT_ONCE),
        0);
  }

  /** Waits until no run goes on: those that are left wait for a budget. */
  private static void awaitRest(CrashDatabase database) {
    Eventually.await("an end of what goes on", PATIENCE, () -> going(database) == 0);
  }

  private static int going(CrashDatabase database) {
    return database.count(
        "SELECT count(*) FROM run WHERE finished_at IS NULL AND waits_budget IS NULL");
  }

  private static int waiting(CrashDatabase database) {
    return database.count(
        "SELECT count(*) FROM run WHERE finished_at IS NULL AND waits_budget IS NOT NULL");
  }

  private static int failed(CrashDatabase database) {
    return database.count("SELECT count(*) FROM run WHERE error_code = 'budget_exceeded'");
  }
}
