package dev.errand.runs.worker.comparison;

import dev.errand.support.BenchmarkSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Measures systems in turns, so that whatever else the machine does falls on all alike. */
final class Measurement {
  private static final int RUNS = BenchmarkSize.of("errand.bench.runs", 0, 20);
  private static final int ROUNDS = BenchmarkSize.of("errand.bench.rounds", 5, 1);
  // As many as the JVMs need until their compilers have little left to do.
  private static final int WARM_UP = BenchmarkSize.of("errand.bench.warm", 10, 0);
  private static final boolean PROFILE = System.getProperty("errand.bench.jfr") != null;
  private static final boolean STATEMENTS = System.getProperty("errand.bench.sql") != null;
  private static final int ALONE = BenchmarkSize.of(100, 5);
  private static final double HALF_LOAD_SECONDS = BenchmarkSize.of(4, 1);
  // An idle connection reports what it has done within ten seconds.
  private static final Duration REPORTED = Duration.ofSeconds(BenchmarkSize.of(11, 0));

  private final Map<String, Jobs> systems;
  private final LineProcess outside;
  private final DatabaseCosts costs;
  private final long postmaster;

  Measurement(Map<String, Jobs> systems, LineProcess outside, DatabaseCosts costs)
      throws IOException {
    this.systems = systems;
    this.outside = outside;
    this.costs = costs;
    this.postmaster = ComparisonDatabase.postmaster();
  }

  /**
   * Measures all with one kind of jobs, and prints a table.
   *
   * @param kind what the names of rounds begin with
   * @param most how many jobs a round has, unless that is set
   */
  void print(String title, String kind, int most) throws Exception {
    int jobs = RUNS == 0 ? most : RUNS;
    List<Subject> all = new ArrayList<>();
    systems.forEach((name, system) -> all.add(new Subject(name, system, kind + all.size())));
    String before = load();
    for (int round = 0; round < WARM_UP; round++) {
      for (Subject of : all) {
        double _ = of.system.round(of.round("warm" + round), jobs);
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Subject of : all) {
        rate(of, of.round("r" + round), jobs);
      }
    }
    count(all, jobs);
    for (Subject of : all) {
      String name = of.round("alone");
      of.alone = untilAsked(name, of.system.alone(name, ALONE));
      name = of.round("half");
      double rate = of.rate() / 2;
      int due = Math.max(1, (int) (rate * HALF_LOAD_SECONDS));
      of.half = untilAsked(name, of.system.paced(name, due, rate));
      of.check();
    }
    System.out.printf(
        Locale.ROOT,
        "%n%s: %d rounds of %d; load %s before, %s after%n%s%n",
        title,
        ROUNDS,
        jobs,
        before,
        load(),
        Subject.HEAD);
    all.forEach(of -> System.out.println(of.line()));
    for (Subject of : all) {
      if (!of.recordings.isEmpty()) {
        FlightProfile.of(of.recordings).print(title + ", " + of.name, of.jobs, of.serverMs);
        System.out.println("By thread of the process, as Linux counts it:");
        of.threadMs.entrySet().stream()
            .filter(thread -> thread.getValue() >= of.serverMs / 100)
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .forEach(
                thread ->
                    System.out.printf(
                        Locale.ROOT,
                        "  %7.3f ms  %s%n",
                        thread.getValue() / of.jobs,
                        thread.getKey()));
      }
    }
  }

  private void rate(Subject of, String round, int jobs) throws Exception {
    double server = CpuTime.ofProcess(of.system.pid());
    double database = CpuTime.ofFamily(postmaster);
    double seconds =
        PROFILE && of.system instanceof ErrandJobs
            ? profiled(of, round, jobs)
            : of.system.round(round, jobs);
    of.jobs += jobs;
    of.serverMs += CpuTime.ofProcess(of.system.pid()) - server;
    of.databaseMs += CpuTime.ofFamily(postmaster) - database;
    of.rates.add(jobs / seconds);
  }

  private static double profiled(Subject of, String round, int jobs) throws Exception {
    Map<String, Double> before = CpuTime.byThread();
    double seconds =
        FlightProfile.record(
            of.recordings,
            Peers.FOLDER.resolve(round + ".jfr"),
            () -> of.system.round(round, jobs));
    CpuTime.byThread()
        .forEach(
            (name, ms) ->
                of.threadMs.merge(name, ms - before.getOrDefault(name, 0.0), Double::sum));
    return seconds;
  }

  /**
   * Counts what each does in a round of its own, since the log is one for all. Those that share a
   * database have their commits counted one after the other.
   */
  private void count(List<Subject> all, int jobs) throws Exception {
    costs.count(true);
    LockSupport.parkNanos(REPORTED.toNanos());
    List<Subject> left = new ArrayList<>(all);
    while (!left.isEmpty()) {
      Map<String, Subject> counted = new LinkedHashMap<>();
      left.forEach(of -> counted.putIfAbsent(of.system.database(), of));
      for (Subject of : counted.values()) {
        of.commits = -costs.commits(of.system.database());
        costs.forget();
        of.updates = -costs.updates("");
        of.hotUpdates = -costs.updates("hot_");
        long wal = costs.wal();
        double _ = of.system.round(of.round("count"), jobs);
        of.wal = (double) (costs.wal() - wal) / jobs;
        of.statements = (double) costs.statements(of.system.database()) / jobs;
        if (STATEMENTS) {
          System.out.println("Statements of " + of.name);
          costs.print(of.system.database(), jobs);
        }
      }
      LockSupport.parkNanos(REPORTED.toNanos());
      for (Subject of : counted.values()) {
        of.commits = (of.commits + costs.commits(of.system.database())) / jobs;
        if (STATEMENTS) {
          System.out.printf(
              Locale.ROOT,
              "%s: updates of a run %.2f, of them without an index %.2f%n",
              of.name,
              (of.updates + costs.updates("")) / jobs,
              (of.hotUpdates + costs.updates("hot_")) / jobs);
        }
      }
      left.removeAll(counted.values());
    }
    costs.count(false);
  }

  /** The milliseconds until the model was asked, sorted. */
  private double[] untilAsked(String name, long[] starts) throws IOException {
    long[] asked = outside.numbers("asked " + name + " " + starts.length);
    double[] took = new double[starts.length];
    for (int i = 0; i < took.length; i++) {
      took[i] = (asked[i] - starts[i]) / 1e6;
    }
    Arrays.sort(took);
    return took;
  }

  private static String load() throws IOException {
    String all = Files.readString(Path.of("/proc/loadavg"));
    return all.substring(0, all.indexOf(' '));
  }
}
