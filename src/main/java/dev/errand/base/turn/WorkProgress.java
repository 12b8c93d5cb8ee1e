package dev.errand.base.turn;

import java.time.Duration;

/**
 * The progress of some work.
 *
 * @param used how long it has held permits so far, in nanoseconds
 * @param since when it began, by {@link System#nanoTime}
 */
public record WorkProgress(long used, long since) {
  /** The time slices from which work counts as equally long. */
  private static final long LONG = 127;

  /** Work that begins now. */
  static WorkProgress none() {
    return new WorkProgress(0, System.nanoTime());
  }

  /** 0 within the first time slice, then one more for each doubling, up to 7. */
  int level(Duration slice) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.min(LONG, used / slice.toNanos()));
  }
}
