package dev.errand.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what comes in its own time. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  // What is awaited is often asked by HTTP, which costs as much time as the shortest pause.
  private static final long SHORTEST_PAUSE_NANOS = 5_000_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  private Eventually() {}

  /** Waits until something is so, or fails. */
  public static void await(String what, BooleanSupplier so) {
    await(what, PATIENCE, so);
  }

  /** Waits so long at the most until something is so, or fails. */
  public static void await(String what, Duration most, BooleanSupplier so) {
    long end = System.nanoTime() + most.toNanos();
    long pause = SHORTEST_PAUSE_NANOS;
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Within " + most + " there was not " + what);
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }
}
