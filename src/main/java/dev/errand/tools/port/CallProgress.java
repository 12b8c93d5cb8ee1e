package dev.errand.tools.port;

import java.time.Duration;

/**
 * The progress of a call.
 *
 * @param used how long it has held permits so far, in nanoseconds
 * @param since when it began, by {@link System#nanoTime}
 */
public record CallProgress(long used, long since) {
  /** The time slices from which calls count as equally long. */
  private static final long LONG = 127;

  /** A call that begins now. */
  static CallProgress none() {
    return new CallProgress(0, System.nanoTime());
  }

  /** 0 within the first time slice, then one more for each doubling, up to 7. */
  int level(Duration slice) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.min(LONG, used / slice.toNanos()));
  }
}
