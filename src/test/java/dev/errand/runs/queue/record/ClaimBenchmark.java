package dev.errand.runs.queue.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.embedded.EmbeddedDatabase;
import dev.errand.runs.queue.FilledDatabase;
import dev.errand.runs.queue.RunQueue;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long a claim takes, in a table that holds nothing else and in one with a million ended
 * runs; {@code ./mvnw verify -Pbench}.
 */
class ClaimBenchmark {
  private static final int FINISHED = Integer.getInteger("errand.test.finished", 1_000_000);
  private static final int ROUNDS = 400;
  private static final Duration LEASE = Duration.ofMinutes(5);

  @TempDir static Path folder;

  @Test
  void claimsBesideAMillionEndedRuns() throws SQLException {
    EmbeddedDatabase server = EmbeddedDatabase.startIn(folder);
    try (FilledDatabase empty = new FilledDatabase(server, "empty");
        FilledDatabase filled = new FilledDatabase(server, "filled")) {
      long start = System.nanoTime();
      filled.finished(FINISHED);
      System.out.printf(
          "%d ended runs were made in %d s%n",
          FINISHED, (System.nanoTime() - start) / 1_000_000_000);
      for (FilledDatabase database : List.of(empty, filled)) {
        database.waiting(20, 20);
      }
      compare("20 runs of 20 tasks wait", empty, filled);
      for (FilledDatabase database : List.of(empty, filled)) {
        database.waiting(20_000, 100);
        database.change("VACUUM ANALYZE run");
      }
      compare("20000 runs of 100 tasks wait", empty, filled);
    } finally {
      server.stop();
    }
  }

  /** In turns, so that whatever else the machine does falls on both alike. */
  private static void compare(String title, FilledDatabase empty, FilledDatabase filled) {
    RunQueue first = empty.queue();
    RunQueue second = filled.queue();
    for (int most : List.of(1, 8)) {
      List<Long> inEmpty = new ArrayList<>();
      List<Long> inFilled = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        long one = claim(first, most);
        long other = claim(second, most);
        if (i >= ROUNDS / 4) {
          inEmpty.add(one);
          inFilled.add(other);
        }
      }
      System.out.printf(
          "%s, a claim of %d: in an empty table p50 %.2f ms, p99 %.2f ms; beside %d ended runs p50"
              + " %.2f ms, p99 %.2f ms (p50 %+.0f %%)%n",
          title,
          most,
          percentile(inEmpty, 50),
          percentile(inEmpty, 99),
          FINISHED,
          percentile(inFilled, 50),
          percentile(inFilled, 99),
          100 * (percentile(inFilled, 50) / percentile(inEmpty, 50) - 1));
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
