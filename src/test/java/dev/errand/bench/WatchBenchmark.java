package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.Eventually;
import dev.errand.support.SilentModel;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what it costs a server that 1,000 clients watch 1,000 runs, while nothing happens and
 * while another process writes an entry a second to each: {@code ./mvnw package -DskipTests}, then
 * {@code ./mvnw test -Pbench -Dtest=WatchBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class WatchBenchmark {
  private static final int RUNS = BenchmarkSize.of("errand.bench.runs", 1000, 10);
  private static final int SECONDS = BenchmarkSize.of("errand.bench.seconds", 20, 1);
  private static final int BATCHES_A_SECOND = 10;
  static final String ENTRY =
      """
      {"msg":"call tool result","time":1790000000000,"level":30,"exchange":{"role":"tool",\
      "tool_call_id":"call_1","content":"%s"},"is_error":false}"""
          .formatted("a result of some length, ".repeat(10));
  private static final String APPEND =
      """
      WITH held AS (
        UPDATE run SET entry_count = entry_count + 1, modified_at = now() WHERE id = ANY (?)
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, ? FROM held
      """;

  @TempDir static Path folder;

  @Test
  void watchersOfRunsThatAnotherProcessWorks() throws Exception {
    Builds.measure(
        folder,
        List.of("-Xmx512m"),
        Map.of("ERRAND_WORKER_CONCURRENCY", "1", "ERRAND_WATCH_MOST", String.valueOf(2 * RUNS)),
        WatchBenchmark::measure);
  }

  private static void measure(String name, MeasuredServer server, Connection connection)
      throws Exception {
    try (SilentModel model = new SilentModel();
        Watchers watchers = new Watchers(RUNS, SECONDS + 10)) {
      // One run waits for the model for ever; the others stay pending.
      assertEquals(201, server.put(Api.TASKS + "/watched", task(model.url())));
      for (int i = 0; i < RUNS; i++) {
        assertEquals(201, server.put(Api.TASKS + "/watched/runs/run-" + i, "{}"));
      }
      MeasuredServer.Heap alone = server.heap();
      long threads = server.threads();
      for (int i = 0; i < RUNS; i++) {
        watchers.watch(server.port(), i, Api.TASKS + "/watched/runs/run-" + i + "/events");
      }
      Eventually.await("the first entries", () -> watchers.entries() >= RUNS);
      MeasuredServer.Heap watched = server.heap();
      System.out.printf(
          "%s: %d watchers: heap %s -> %s, %d bytes each; threads %d -> %d; RSS %s; load %s%n",
          name,
          RUNS,
          alone.megabytes(),
          watched.megabytes(),
          (watched.bytes() - alone.bytes()) / RUNS,
          threads,
          server.threads(),
          server.rss(),
          MeasuredServer.load());
      System.out.println(watched.growth(alone, Integer.getInteger("errand.bench.classes", 0)));
      idle(server, connection, name);
      writing(server, connection, name, watchers, ids(connection));
    }
  }

  static String task(String model) {
    return "{\"runner\":\"openai\",\"openai\":{\"prompt\":\"Hello\",\"model\":\"gpt-4o\",\"base_url\":\""
        + model
        + "\"},\"settings\":{\"key\":\"sk-a-key-for-tests-1234\",\"concurrency\":1}}";
  }

  private static void idle(MeasuredServer server, Connection connection, String name)
      throws SQLException, IOException {
    Usage before = Usage.now(server, connection);
    LockSupport.parkNanos(SECONDS * 500_000_000L);
    print(name, "nothing is written", before, Usage.now(server, connection), 0);
  }

  private static void writing(
      MeasuredServer server, Connection connection, String name, Watchers watchers, Long[] ids)
      throws Exception {
    long[][] committed = new long[RUNS][SECONDS + 10];
    // Warm: each has two entries more.
    write(connection, ids, committed, 1, 2);
    Eventually.await("the first entries", () -> watchers.entries() >= 3L * RUNS);
    for (long[] times : committed) {
      java.util.Arrays.fill(times, 0);
    }
    Usage before = Usage.now(server, connection);
    String recording = System.getProperty("errand.bench.recording");
    if (recording != null) {
      System.out.println(
          server.jcmd(
              "JFR.start", "settings=profile", "filename=" + recording + "-" + name + ".jfr"));
    }
    write(connection, ids, committed, 3, SECONDS);
    long written = (long) RUNS * (SECONDS + 3);
    Eventually.await("all entries", () -> watchers.entries() >= written);
    Usage after = Usage.now(server, connection);
    if (recording != null) {
      server.jcmd("JFR.stop", "name=1");
    }
    print(name, RUNS + " entries a second are written", before, after, SECONDS * BATCHES_A_SECOND);
    double[] took = watchers.tookMs(committed);
    System.out.printf(
        "%s: %d events; from commit to event p50 %.0f ms, p99 %.0f ms, at most %.0f ms; heap %s,"
            + " RSS %s, threads %d%n",
        name,
        took.length,
        took[took.length / 2],
        took[took.length * 99 / 100],
        took[took.length - 1],
        server.heap().megabytes(),
        server.rss(),
        server.threads());
  }

  /** Writes an entry a second to each run, in ten parts of a second. */
  private static void write(
      Connection connection, Long[] ids, long[][] committed, int from, int seconds)
      throws SQLException {
    int part = RUNS / BATCHES_A_SECOND;
    long start = System.nanoTime();
    try (PreparedStatement append = connection.prepareStatement(APPEND)) {
      append.setString(2, ENTRY);
      for (int batch = 0; batch < seconds * BATCHES_A_SECOND; batch++) {
        long due = start + batch * 1_000_000_000L / BATCHES_A_SECOND;
        LockSupport.parkNanos(due - System.nanoTime());
        int first = batch % BATCHES_A_SECOND * part;
        Long[] some = java.util.Arrays.copyOfRange(ids, first, first + part);
        append.setArray(1, connection.createArrayOf("bigint", some));
        append.executeUpdate();
        long now = System.nanoTime();
        for (int run = first; run < first + part; run++) {
          committed[run][from + batch / BATCHES_A_SECOND] = now;
        }
      }
    }
  }

  private static Long[] ids(Connection connection) throws SQLException {
    Long[] ids = new Long[RUNS];
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT name, id FROM run")) {
      while (rows.next()) {
        ids[Integer.parseInt(rows.getString(1).substring(4))] = rows.getLong(2);
      }
    }
    return ids;
  }

  /** What was used so far. */
  private record Usage(long at, double server, double database, long transactions) {
    static Usage now(MeasuredServer server, Connection connection)
        throws SQLException, IOException {
      // A process tells its numbers once a second at most.
      LockSupport.parkNanos(1_100_000_000L);
      try (Statement select = connection.createStatement();
          ResultSet row =
              select.executeQuery(
                  "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
        row.next();
        return new Usage(
            System.nanoTime(),
            server.cpuSeconds(),
            MeasuredServer.cpuSecondsOf(folder),
            row.getLong(1));
      }
    }
  }

  private static void print(String name, String what, Usage from, Usage to, int own)
      throws IOException {
    double seconds = (to.at - from.at) / 1e9;
    System.out.printf(
        "%s: while %s for %.1f s: CPU of the server %.2f s, of PostgreSQL %.2f s; %.1f transactions/s"
            + " of the server; load %s%n",
        name,
        what,
        seconds,
        to.server - from.server,
        to.database - from.database,
        (to.transactions - from.transactions - own) / seconds,
        MeasuredServer.load());
  }
}
