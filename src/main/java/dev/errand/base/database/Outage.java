package dev.errand.base.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells a database that is not there for a while from one that refuses what it is told, and waits
 * for its return.
 */
public final class Outage {
  private static final Set<String> CROWDED = Set.of("57014", "55P03", "40001", "40P01");
  private static final int DEEPEST = 20;
  private static final long SHORTEST_PAUSE_MS = 10;
  private static final long LONGEST_PAUSE_MS = 500;

  private Outage() {}

  /** Whether a problem is that the database can't be reached, or has broken off. */
  public static boolean isBehind(Throwable problem) {
    return isBehind(problem, Outage::isOutage, 0);
  }

  /**
   * Whether a problem is one that passes: the database is not there for a while, or had no time for
   * the statement, which may do when it is said again.
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
    // A transaction that can't be ended tells of it there.
    return Stream.of(problem.getSuppressed()).anyMatch(other -> isBehind(other, isSuch, depth + 1));
  }

  // Classes 08, 53 and 57P of PostgreSQL's error codes, 25006 when another server has taken over,
  // and 55000 when it lets nobody in; the pool gives up without any.
  private static boolean isOutage(@Nullable String state) {
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.equals("25006")
        || state.equals("55000");
  }

  // A statement that took too long, for itself or for a lock, or that stood in another one's way.
  private static boolean isCrowded(@Nullable String state) {
    return state != null && CROWDED.contains(state);
  }

  /**
   * Reads, again and again while the database is away. For what only reads: it may be done more
   * than once.
   *
   * @param most how long the database is waited for
   */
  public static <T> T outlast(Duration most, Supplier<T> reading) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (int tries = 1; ; tries++) {
      try {
        return reading.get();
      } catch (RuntimeException e) {
        if (!isPassing(e) || System.nanoTime() - end >= 0) {
          throw e;
        }
        if (Thread.interrupted()) {
          // It is the interrupt that broke the connection.
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
