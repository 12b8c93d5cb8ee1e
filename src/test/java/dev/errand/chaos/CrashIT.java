package dev.errand.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Runs several servers, and kills them and their database at random: every run ends well, nothing
 * is written twice, no answer that was kept is asked for again, no task has more runs at a time
 * than it may, no call that waits for persons is made without one, and each end is told by one
 * notice. Then, undisturbed, profiles take turns. {@code -Pchaos} is the long form, {@code verify}
 * has a short one; {@code -Dchaos.seed} repeats the choices of an earlier one.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.0/8 is not all one's own")
class CrashIT {
  static final String SESSION = "a-session-for-the-crash-test-of-32-characters";

  private static final Path FOLDER = Path.of("target", "chaos");
  private static final Duration LEASE = Duration.ofSeconds(8);
  private static final Duration STAND_STILL = Duration.ofSeconds(10);
  private static final int CALLERS = 4;
  private static final int CONCURRENCY = 8;
  // What a run of the script asks of the outside when nothing disturbs it, on the average.
  private static final int REQUESTS_OF_A_RUN = 6;

  private final int runs = Integer.getInteger("chaos.runs", 40);
  private final int tasks = Integer.getInteger("chaos.tasks", 4);
  private final int profiles = Integer.getInteger("chaos.profiles", 2);
  private final int servers = Integer.getInteger("chaos.servers", 2);
  private final int kills = Integer.getInteger("chaos.kills", 10);
  // Where nothing may be repeated but what the end or the standstill of a process has cut off.
  private final boolean strict = Boolean.getBoolean("chaos.strict");
  private final long seed = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);

  @Test
  void aCrashLosesNoRunAndRepeatsNoCommittedStep() throws Exception {
    empty(FOLDER);
    long start = System.nanoTime();
    try (CrashDatabase database = new CrashDatabase(FOLDER.resolve("database"));
        Outside outside = new Outside(Fleet.freePort(), 800, new Till());
        Fleet fleet = new Fleet(FOLDER, outside, configuration(database, FOLDER));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread hook = fleet.start(servers, database);
      try (Connection connection = database.connect()) {
        Losses.note(connection);
      }
      Workload workload = new Workload(tasks, profiles, runs, new Random(seed));
      workload.register(database, fleet, outside);
      Deciders deciders = new Deciders(database, fleet, new Random(seed));
      var _ = threads.submit(deciders);
      Losses losses = new Losses();
      Havoc havoc = new Havoc(new Random(seed), fleet, outside, database, losses, STAND_STILL);
      Future<?> triggered = threads.submit(() -> triggerAll(workload, fleet, database));
      havoc.happen(
          kills,
          runs * REQUESTS_OF_A_RUN / kills,
          () -> !triggered.isDone() || database.live() > 0);
      fleet.allGoOn();
      triggered.get();
      long calm = System.nanoTime();
      // While runs wait still: when all have ended, there is nothing that could be wrong.
      Eventually.await("slots as the rules say", database::slotsAreRight);
      database.awaitEnds();
      fleet.awaitAll();
      FairnessCheck fairness = new FairnessCheck(fleet, outside, profiles, servers, CONCURRENCY);
      List<String> broken = new ArrayList<>(fairness.check());
      database.awaitEnds();
      deciders.end();
      Map<String, Kept> kept;
      ApprovalCheck approvals;
      try (Connection connection = database.connect()) {
        kept = Kept.all(connection);
        approvals = ApprovalCheck.read(connection);
        losses.read(connection);
      }
      Losses excused = strict ? new Losses() : losses;
      Verdict verdict = Verdict.on(kept, outside, excused, approvals.calls());
      broken.addAll(approvals.broken(kept.values(), workload.asking(), outside));
      ConcurrencyCheck concurrency = ConcurrencyCheck.of(workload, kept, outside, excused);
      broken.addAll(verdict.broken());
      broken.addAll(concurrency.broken());
      Eventually.await(
          "an end of what has to be told", Duration.ofMinutes(5), () -> database.untold() == 0);
      List<Outside.Notice> notices = outside.notices();
      broken.addAll(NoticeCheck.broken(kept.keySet(), notices));
      System.out.printf(
          "seed %d: %d runs of %d tasks in %d profiles on %d servers in %d s, %d s of them after the"
              + " last of %s; %d claims, %d rescues; %d answers asked for, %d of them again; %d tool"
              + " calls, %d of them again; %d late; %d calls asked about, %d of them again; %d notices, %d of them again; %d tasks had as many runs at a time as they may,"
              + " %d of them as many requests; with %d waiting, the few of another profile were among the next %d%n",
          seed,
          kept.size(),
          tasks,
          profiles,
          servers,
          (System.nanoTime() - start) / 1_000_000_000,
          (System.nanoTime() - calm) / 1_000_000_000,
          havoc.done(),
          kept.values().stream().mapToInt(Kept::attempt).sum(),
          losses.rescued(),
          outside.asked().values().stream().mapToInt(List::size).sum(),
          verdict.repeatedAnswers(),
          outside.fetched().values().stream().mapToInt(List::size).sum(),
          verdict.repeatedCalls(),
          verdict.late(),
          approvals.calls().size(),
          approvals.again(),
          notices.size(),
          NoticeCheck.repeated(notices),
          concurrency.reached(),
          concurrency.reachedByRequests(),
          fairness.waited(),
          fairness.begun());
      assertEquals(runs + fairness.runs(), kept.size());
      assertTrue(broken.isEmpty(), () -> "seed " + seed + ":\n" + String.join("\n", broken));
      assertTrue(
          concurrency.reached() > 0,
          "No task had as many runs at a time as it may: there are too few runs for so many tasks.");
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  static Map<String, String> configuration(CrashDatabase database, Path folder) {
    return Map.ofEntries(
        Map.entry("QUARKUS_DATASOURCE_JDBC_URL", database.url()),
        Map.entry("QUARKUS_DATASOURCE_USERNAME", "postgres"),
        Map.entry("QUARKUS_DATASOURCE_PASSWORD", database.password()),
        Map.entry("ERRAND_DATA", folder.resolve("data").toString()),
        Map.entry("ERRAND_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        Map.entry("ERRAND_BOOTSTRAP_SESSION", SESSION),
        Map.entry("ERRAND_EGRESS_ALLOW", Outside.HOST),
        // So few that runs which come back from a model wait for a place.
        Map.entry("ERRAND_WORKER_CONCURRENCY", Integer.toString(CONCURRENCY / 2)),
        // Of which a profile that is alone holds four fifths.
        Map.entry("ERRAND_WORKER_MOST", Integer.toString(CONCURRENCY * 5 / 4)),
        Map.entry("ERRAND_WORKER_LEASE", LEASE.toString()),
        Map.entry("ERRAND_WORKER_RESCUE", "PT0.5S"),
        // Here it is no run that brings its worker down.
        Map.entry("ERRAND_WORKER_MAX_LOSSES", "1000"),
        Map.entry("ERRAND_WORKER_POLL", "PT0.5S"),
        // Each run is told by itself.
        Map.entry("ERRAND_NOTICE_PER_PROFILE_PER_HOUR", "1000000"),
        Map.entry("ERRAND_NOTICE_PER_ADDRESS_PER_HOUR", "1000000"));
  }

  /** Triggers the runs, no more at a time than keep the servers busy, until all are taken. */
  private Void triggerAll(Workload workload, Fleet fleet, CrashDatabase database) throws Exception {
    int busy = 2 * servers * CONCURRENCY;
    Semaphore free = new Semaphore(CALLERS);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> taken = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        while (database.live() >= busy) {
          Thread.sleep(50);
        }
        free.acquire();
        int number = run;
        taken.add(
            callers.submit(
                () -> {
                  fleet.startRun(workload.taskOf(number), number);
                  free.release();
                  return null;
                }));
      }
      for (Future<?> one : taken) {
        one.get();
      }
    }
    return null;
  }

  /** Deletes what an earlier test has left there, and makes the folder. */
  static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
