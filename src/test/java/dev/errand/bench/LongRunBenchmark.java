package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.Eventually;
import dev.errand.support.SilentModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what it costs to read runs of 1,000 and of 10,000 entries, all at once and as a stream:
 * {@code ./mvnw package -DskipTests}, then {@code ./mvnw test -Pbench -Dtest=LongRunBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class LongRunBenchmark {
  private static final int READS = BenchmarkSize.of(20, 2);
  private static final List<Integer> ENTRIES =
      List.of(BenchmarkSize.of(1000, 10), BenchmarkSize.of(10_000, 100));

  @TempDir static Path folder;

  @Test
  void readingLongRuns() throws Exception {
    Builds.measure(
        folder,
        List.of("-Xmx512m"),
        Map.of("ERRAND_WORKER_CONCURRENCY", "1"),
        LongRunBenchmark::measure);
  }

  private static void measure(String name, MeasuredServer server, Connection connection)
      throws Exception {
    try (SilentModel model = new SilentModel();
        Statement fill = connection.createStatement()) {
      assertEquals(201, server.put(Api.TASKS + "/long", WatchBenchmark.task(model.url())));
      for (int entries : ENTRIES) {
        assertEquals(201, server.put(path(entries), "{}"));
        fill.execute(
            "INSERT INTO run_entry SELECT id, n, '"
                + WatchBenchmark.ENTRY
                + "' FROM run, generate_series(1, "
                + (entries - 1)
                + ") AS n WHERE name = '"
                + entries
                + "'");
        fill.execute("UPDATE run SET entry_count = " + entries + " WHERE name = '" + entries + "'");
        read(server, entries);
        stream(server, entries);
      }
      for (int entries : ENTRIES) {
        double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        read(server, entries);
        print(name, "got at once", entries, start, server.cpuSeconds() - cpu);
        cpu = server.cpuSeconds();
        start = System.nanoTime();
        stream(server, entries);
        print(name, "streamed", entries, start, server.cpuSeconds() - cpu);
      }
      System.out.printf("%s: RSS %s; load %s%n", name, server.rss(), MeasuredServer.load());
    }
  }

  private static String path(int entries) {
    return Api.TASKS + "/long/runs/" + entries;
  }

  private static void read(MeasuredServer server, int entries) throws Exception {
    for (int i = 0; i < READS; i++) {
      assertEquals(200, server.get(path(entries)));
    }
  }

  private static void stream(MeasuredServer server, int entries) throws Exception {
    for (int i = 0; i < READS; i++) {
      try (Watchers watcher = new Watchers(1, entries)) {
        watcher.watch(server.port(), 0, path(entries) + "/events");
        Eventually.await("all entries", () -> watcher.entries() == entries);
      }
    }
  }

  private static void print(String name, String how, int entries, long start, double cpu) {
    System.out.printf(
        "%s: a run of %d entries %s: %.0f ms, CPU of the server %.0f ms (mean of %d)%n",
        name, entries, how, (System.nanoTime() - start) / 1e6 / READS, cpu * 1e3 / READS, READS);
  }
}
