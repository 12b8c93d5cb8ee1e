package dev.errand.tools.servlet.limit;

import dev.errand.base.turn.WorkOwner;
import dev.errand.support.BenchmarkSize;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.module.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Prints how long a short tool call takes while endless ones of its profile compute, with time
 * slices and without; {@code ./mvnw test -Pbench -Dtest=TimeSliceBenchmark}.
 */
class TimeSliceBenchmark {
  private static final int CALLS = BenchmarkSize.of(500, 2);
  private static final int WARM = BenchmarkSize.of(2000, 1);
  private static final String NONE = "PT30M";
  private static final String WALL_TIME = "PT3S";

  @Test
  void print() throws Exception {
    System.out.println(
        "| time slice | endless calls | of | calls | p50 | p99 | most |\n"
            + "| --- | --- | --- | --- | --- | --- | --- |");
    measure(NONE, 0, false, CALLS);
    measure("PT0.01S", 0, false, CALLS);
    measure(NONE, 1, true, BenchmarkSize.of(5, 1));
    for (var endless : List.of(1, 8, 29)) {
      for (var own : List.of(false, true)) {
        measure("PT0.01S", endless, own, CALLS);
      }
    }
  }

  /**
   * Measures calls of echo, one after another.
   *
   * @param own whether the endless calls are of the same installation
   */
  private static void measure(String slice, int endless, boolean own, int count) throws Exception {
    var time = slice.equals(NONE) ? WALL_TIME : "PT30M";
    var fixture =
        new Fixture(Engine.COMPILED, "cores", "2", "time-slice", slice, "wall-time", time);
    var grant = grant("short");
    for (var i = 0; i < WARM; i++) {
      echo(fixture, grant);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < endless; i++) {
        start(threads, fixture, grant(own ? "short" : "endless"));
      }
      var times = new long[count];
      for (var i = 0; i < count; i++) {
        var begun = System.nanoTime();
        echo(fixture, grant);
        times[i] = System.nanoTime() - begun;
      }
      threads.shutdownNow();
      Arrays.sort(times);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %d | %.2f ms | %.1f ms | %.1f ms |%n",
          slice.equals(NONE) ? "none, wall time 3 s" : "10 ms",
          endless,
          own ? "the same installation" : "another installation",
          count,
          times[count / 2] / 1e6,
          times[count * 99 / 100] / 1e6,
          times[count - 1] / 1e6);
    }
  }

  /** Starts an endless call and, unless calls keep their cores, waits until it computes. */
  private static void start(Executor threads, Fixture fixture, Grant grant) throws Exception {
    var module = fixture.load("loop_log");
    var running = new CountDownLatch(1);
    threads.execute(
        () -> {
          try {
            while (!Thread.currentThread().isInterrupted()) {
              fixture
                  .host()
                  .call(module, grant, "probe", Fixture.call((_, _) -> running.countDown()));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    running.await();
  }

  private static void echo(Fixture fixture, Grant grant) throws Exception {
    var result = fixture.call("c_echo", "echo", grant, ToolLog.NONE);
    if (result.isError()) {
      throw new IllegalStateException(result.joinedText());
    }
  }

  private static Grant grant(String installation) {
    return new Grant(
        List.of(), Map.of(), HttpBudget.UNLIMITED, new WorkOwner("user", "profile", installation));
  }
}
