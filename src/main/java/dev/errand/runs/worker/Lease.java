package dev.errand.runs.worker;

import java.time.Duration;

/**
 * The time until which a claim is held for certain, by this process's own clocks. It begins before
 * the database grants the lease, so that it never ends after the database's lease.
 *
 * @param nanos the end by {@link System#nanoTime()}, a clock that can't be set
 * @param millis the end by {@link System#currentTimeMillis()}, a clock that continues while the
 *     machine is suspended
 */
record Lease(long nanos, long millis) {

  static Lease of(Duration length) {
    return new Lease(
        System.nanoTime() + length.toNanos(), System.currentTimeMillis() + length.toMillis());
  }

  /** Whether the lease has not ended, so that no other process can have claimed the run. */
  boolean holds() {
    return System.nanoTime() - nanos < 0 && System.currentTimeMillis() < millis;
  }
}
