package dev.errand.runs.worker;

import java.time.Duration;

/**
 * Until when a claim is held for certain, by this process's own clocks. It begins before the
 * database is asked for it, so that the database never counts longer.
 *
 * @param nanos the end as {@link System#nanoTime()} tells it, which can't be set
 * @param millis the end as {@link System#currentTimeMillis()} does, which goes on while a machine
 *     is suspended
 */
record Lease(long nanos, long millis) {

  /** One that begins now. */
  static Lease of(Duration length) {
    return new Lease(
        System.nanoTime() + length.toNanos(), System.currentTimeMillis() + length.toMillis());
  }

  /** Whether nobody else can have the run yet. */
  boolean holds() {
    return System.nanoTime() - nanos < 0 && System.currentTimeMillis() < millis;
  }
}
