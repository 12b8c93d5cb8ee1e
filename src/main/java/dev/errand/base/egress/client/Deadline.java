package dev.errand.base.egress.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The moment by which something must be done.
 *
 * @param start when it began, in nanoseconds of {@link System#nanoTime()}
 */
record Deadline(long start, long nanos) {
  /** The end of a duration that begins now; one of centuries is cut to centuries. */
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime(), TimeUnit.NANOSECONDS.convert(duration));
  }

  /** Nanoseconds that are left; 0 or less when it has passed. */
  long left() {
    return nanos - (System.nanoTime() - start);
  }
}
