package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the memory of a server whose 10,000 runs all wait for their model, and whether all of them
 * end when it answers. It needs {@code ulimit -n 20000}: {@code ./mvnw package -DskipTests}, then
 * {@code ./mvnw test -Pbench -Dtest=WaitingCallsBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class WaitingCallsBenchmark {
  private static final int CALLS = BenchmarkSize.of("errand.bench.calls", 10_000, 5);
  private static final int PROMPT = Integer.getInteger("errand.bench.prompt", 4096);
  private static final String HEAP = System.getProperty("errand.bench.heap", "1g");
  private static final int CLASSES = Integer.getInteger("errand.bench.classes", 10);
  private static final int RUNS_OF_A_TASK = 1000;
  private static final int WARM = BenchmarkSize.of(200, 5);
  private static final int SECONDS = BenchmarkSize.of(20, 1);
  private static final int CALLERS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path folder;

  @Test
  void callsThatWaitForTheirModel() throws Exception {
    Builds.measure(
        folder,
        List.of("-Xmx" + HEAP),
        // A profile gets four fifths of what a process holds.
        Map.of("ERRAND_WORKER_MOST", Integer.toString(CALLS / 4 * 5 + 5)),
        WaitingCallsBenchmark::measure);
  }

  private static void measure(String name, MeasuredServer server, Connection connection)
      throws Exception {
    try (HeldCalls model = new HeldCalls()) {
      start(server, model, "warm", WARM);
      await(name, WARM, () -> ended(connection, "ready"));
      model.hold();
      MeasuredServer.Heap alone = server.heap();
      System.out.printf(
          "%s: before: heap %s, RSS %s, threads %d%n",
          name, alone.megabytes(), server.rss(), server.threads());
      long start = System.nanoTime();
      int refused = start(server, model, "run", CALLS);
      await(name, CALLS, model::held);
      double took = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%s: %d calls of %d bytes wait after %.0f s, %d starts were answered 503: RSS %s%n",
          name, model.held(), PROMPT, took, refused, server.rss());
      double cpu = server.cpuSeconds();
      double databaseCpu = MeasuredServer.cpuSecondsOf(folder);
      LockSupport.parkNanos(Duration.ofSeconds(SECONDS).toNanos());
      System.out.printf(
          "%s: CPU while they wait: server %.0f %%, PostgreSQL %.0f %% of a core; load %s%n",
          name,
          (server.cpuSeconds() - cpu) / SECONDS * 100,
          (MeasuredServer.cpuSecondsOf(folder) - databaseCpu) / SECONDS * 100,
          MeasuredServer.load());
      MeasuredServer.Heap waiting = server.heap();
      System.out.printf(
          "%s: %d wait: heap %s, %d bytes a call; RSS %s; threads %d, files %d%n%s%n%s%n",
          name,
          model.held(),
          waiting.megabytes(),
          (waiting.bytes() - alone.bytes()) / Math.max(1, model.held()),
          server.rss(),
          server.threads(),
          server.files(),
          waiting.growth(alone, CLASSES),
          server
              .jcmd("VM.native_memory", "summary", "scale=MB")
              .lines()
              .filter(line -> line.contains("reserved="))
              .toList());
      long answered = System.nanoTime();
      model.release();
      await(name, CALLS + WARM, () -> ended(connection, "ready"));
      System.out.printf(
          "%s: %d ready, %d in error %.0f s after the answers; RSS %s; load %s%n",
          name,
          ended(connection, "ready"),
          ended(connection, "error"),
          (System.nanoTime() - answered) / 1e9,
          server.rss(),
          MeasuredServer.load());
    }
  }

  /** Starts runs, and says how often a start was answered 503 and repeated. */
  private static int start(MeasuredServer server, HeldCalls model, String name, int runs)
      throws Exception {
    String prompt = "word ".repeat(PROMPT / 5);
    int tasks = (CALLS + RUNS_OF_A_TASK - 1) / RUNS_OF_A_TASK;
    for (int task = 0; task < tasks; task++) {
      String body =
          "{\"runner\":\"openai\",\"openai\":{\"prompt\":\"{{ n }} %s\",\"model\":\"gpt-4o\","
                  .formatted(prompt)
              + "\"base_url\":\"%s\"},\"settings\":{\"key\":\"sk-a-key-for-tests-1234\","
                  .formatted(model.url())
              + "\"concurrency\":%d}}".formatted(RUNS_OF_A_TASK);
      int status = server.put(Api.TASKS + "/task-" + task, body);
      assertTrue(status == 200 || status == 201, "status " + status);
    }
    Semaphore free = new Semaphore(CALLERS);
    List<Future<Integer>> started = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < runs; i++) {
        String path = Api.TASKS + "/task-" + i % tasks + "/runs/" + name + "-" + i;
        String body = "{\"parameters\":{\"n\":\"" + i + "\"}}";
        free.acquire();
        started.add(
            threads.submit(
                () -> {
                  try {
                    return put(server, path, body);
                  } finally {
                    free.release();
                  }
                }));
      }
    }
    int refused = 0;
    for (Future<Integer> one : started) {
      refused += one.get();
    }
    return refused;
  }

  private static int put(MeasuredServer server, String path, String body) throws Exception {
    for (int refused = 0; ; refused++) {
      int status = server.put(path, body);
      if (status != 503) {
        assertTrue(status == 200 || status == 201, "status " + status);
        return refused;
      }
      LockSupport.parkNanos(500_000_000);
    }
  }

  /**
   * Waits for a number as long as it grows; a build that does not reach it is measured as it is.
   */
  private static void await(String name, long wanted, LongSupplier number) {
    long most = -1;
    long end = System.nanoTime() + PATIENCE.toNanos();
    long lastGrowth = System.nanoTime();
    while (number.getAsLong() < wanted && System.nanoTime() < end) {
      if (number.getAsLong() > most) {
        most = number.getAsLong();
        lastGrowth = System.nanoTime();
      } else if (System.nanoTime() - lastGrowth > Duration.ofSeconds(30).toNanos()) {
        System.out.printf("%s: it stays at %d of %d%n", name, most, wanted);
        return;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static long ended(Connection connection, String status) {
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery("SELECT count(*) FROM run WHERE status = '" + status + "'")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
