package dev.errand.runs.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.BenchmarkSize;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long a claim takes beside more and more waiting tasks, each of a profile of its own,
 * and beside runs that have ended: {@code ./mvnw test -Pbench -Dtest=ClaimBenchmark}. {@code
 * -Derrand.test.finished=10000000} makes as many ended runs, {@code -Derrand.bench.tasks=100000} as
 * many tasks at most.
 */
class ClaimBenchmark {
  private static final int FINISHED = BenchmarkSize.of("errand.test.finished", 1_000_000, 1000);
  private static final int TASKS = BenchmarkSize.of("errand.bench.tasks", 100_000, 100);
  private static final int ROUNDS = BenchmarkSize.of(400, 4);
  private static final Duration LEASE = Duration.ofMinutes(5);

  @TempDir static Path folder;

  @Test
  void claimsBesideWaitingTasksAndEndedRuns() throws SQLException {
    EmbeddedDatabase server = EmbeddedDatabase.startIn(folder);
    Map<String, FilledDatabase> all = new LinkedHashMap<>();
    try {
      for (int tasks = 100; tasks <= TASKS; tasks *= 10) {
        FilledDatabase database = new FilledDatabase(server, "waiting_" + tasks);
        all.put(tasks + " tasks wait", database);
        database.waitingAlone(tasks);
      }
      FilledDatabase filled = new FilledDatabase(server, "filled");
      all.put("100 tasks wait, " + FINISHED + " runs have ended", filled);
      filled.finished(FINISHED);
      filled.waitingAlone(100);
      compare(all);
    } finally {
      all.values().forEach(FilledDatabase::close);
      server.stop();
    }
  }

  /** In turns, so that whatever else the machine does falls on all alike. */
  private static void compare(Map<String, FilledDatabase> all) {
    Map<String, RunQueue> queues = new LinkedHashMap<>();
    all.forEach((what, database) -> queues.put(what, database.queue()));
    for (int most : List.of(1, 8, 64)) {
      Map<String, List<Long>> times = new LinkedHashMap<>();
      for (int i = 0; i < ROUNDS; i++) {
        int round = i;
        queues.forEach(
            (what, queue) -> {
              long took = claim(queue, most);
              if (round >= ROUNDS / 4) {
                times.computeIfAbsent(what, key -> new ArrayList<>()).add(took);
              }
            });
      }
      double first = percentile(times.values().iterator().next(), 50);
      times.forEach(
          (what, of) ->
              System.out.printf(
                  "%s, a claim of %d: p50 %.2f ms, p99 %.2f ms (p50 %.2f of the first)%n",
                  what, most, percentile(of, 50), percentile(of, 99), percentile(of, 50) / first));
    }
  }

  private static long claim(RunQueue queue, int most) {
    long start = System.nanoTime();
    List<Claim> claims = queue.claim(most, LEASE);
    long took = System.nanoTime() - start;
    assertEquals(most, claims.size());
    queue.release(claims);
    return took;
  }

  private static double percentile(List<Long> values, int percent) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((sorted.size() - 1) * percent / 100) / 1e6;
  }
}
