package dev.errand.runs.worker.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Callers that add jobs: so many at once, or at a rate. */
final class Adders {
  private Adders() {}

  /** How a job is added. */
  @FunctionalInterface
  interface Adding {
    /** Adds the job of that name, and returns when it is committed. */
    void add(String name) throws Exception;
  }

  /**
   * Adds the jobs with the numbers from one to before another, by so many callers at once.
   *
   * @return when the addition of each began, by {@link System#nanoTime()}
   */
  static long[] add(int callers, String name, int from, int to, Adding adding)
      throws InterruptedException, ExecutionException {
    long[] starts = new long[to - from];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < Math.min(callers, to - from); i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement();
                      n < starts.length;
                      n = next.getAndIncrement()) {
                    starts[n] = System.nanoTime();
                    adding.add(name + "-" + (from + n));
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    return starts;
  }

  /**
   * Adds jobs at a rate.
   *
   * @return when each was due, by {@link System#nanoTime()}
   */
  static long[] paced(String name, int jobs, double rate, Adding adding)
      throws InterruptedException, ExecutionException {
    long[] due = new long[jobs];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < jobs; i++) {
        due[i] = start + (long) (i / rate * 1e9);
        for (long left = due[i] - System.nanoTime(); left > 0; left = due[i] - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        String job = name + "-" + i;
        all.add(
            threads.submit(
                () -> {
                  adding.add(job);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    return due;
  }

  /** Numbers as a line. */
  static String line(long[] numbers) {
    StringBuilder line = new StringBuilder();
    for (long number : numbers) {
      line.append(number).append(' ');
    }
    return line.toString().strip();
  }
}
