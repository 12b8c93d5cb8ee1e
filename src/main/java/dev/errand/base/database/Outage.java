package dev.errand.base.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a temporary outage of the database from an error of a statement, and waits for the
 * end of an outage.
 */
public final class Outage {
  private static final Set<String> CROWDED = Set.of("57014", "55P03", "40001", "40P01");
  private static final int DEEPEST = 20;
  private static final long SHORTEST_PAUSE_MS = 10;
  private static final long LONGEST_PAUSE_MS = 500;

  private Outage() {}

  /** Whether the database is unreachable or dropped the connection. */
  public static boolean isBehind(Throwable problem) {
    return isBehind(problem, Outage::isOutage, 0);
  }

  /**
   * Whether a problem is temporary: the database is unavailable for a while, or the statement timed
   * out and may succeed when it is repeated.
   */
  public static boolean isPassing(Throwable problem) {
    return isBehind(problem, state -> isOutage(state) || isCrowded(state), 0);
  }

  private static boolean isBehind(
      Throwable problem, Predicate<@Nullable String> isSuch, int depth) {
    if (problem instanceof SQLException sql) {
      return isSuch.test(sql.getSQLState());
    }
    if (depth == DEEPEST) {
      return false;
    }
    Throwable cause = problem.getCause();
    if (cause != null && isBehind(cause, isSuch, depth + 1)) {
      return true;
    }
    // A transaction that cannot be completed has the cause there.
    return Stream.of(problem.getSuppressed()).anyMatch(other -> isBehind(other, isSuch, depth + 1));
  }

  // Classes 08, 53 and 57P of PostgreSQL's error codes, 25006 after a failover, and 55000 when it
  // accepts no connections; a timeout of the pool has no code.
  private static boolean isOutage(@Nullable String state) {
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.equals("25006")
        || state.equals("55000");
  }

  // A statement that timed out, waited too long for a lock, or was a deadlock victim.
  private static boolean isCrowded(@Nullable String state) {
    return state != null && CROWDED.contains(state);
  }

  /** A read that may wait. */
  @FunctionalInterface
  public interface Reading<T> {
    T get() throws InterruptedException;
  }

  /**
   * Reads, and repeats the read while the database is unavailable. For reads, and for writes that
   * do no harm when they are made twice.
   */
  public static <T> T outlast(Duration most, Reading<T> reading) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (int tries = 1; ; tries++) {
      try {
        return reading.get();
      } catch (RuntimeException e) {
        if (!isPassing(e) || System.nanoTime() - end >= 0) {
          throw e;
        }
        if (Thread.interrupted()) {
          // The interrupt itself broke the connection.
          throw new InterruptedException();
        }
        Thread.sleep(pauseMs(tries));
      }
    }
  }

  /** How many milliseconds to wait after so many tries. */
  public static long pauseMs(int tries) {
    return Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS << Math.min(tries - 1, 16));
  }
}
