package dev.errand.app.telemetry;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What one query reads for several gauges; it is read again once it is old. */
final class SharedReading<T> {
  private static final Logger LOG = Logger.getLogger(SharedReading.class);

  private final String name;
  private final long freshNanos;
  private final Supplier<T> query;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable T last;
  private long askedAt;

  /**
   * Creates a reading.
   *
   * @param name what is read, for the log
   * @param fresh the age from which it is read again
   */
  SharedReading(String name, Duration fresh, Supplier<T> query) {
    this.name = name;
    this.freshNanos = fresh.toNanos();
    this.query = query;
    this.askedAt = System.nanoTime() - freshNanos;
  }

  /** A part of what was read; NaN where it could not be read. */
  double of(ToDoubleFunction<T> part) {
    turn.lock();
    try {
      if (System.nanoTime() - askedAt >= freshNanos) {
        last = read();
        askedAt = System.nanoTime();
      }
      return last == null ? Double.NaN : part.applyAsDouble(last);
    } finally {
      turn.unlock();
    }
  }

  private @Nullable T read() {
    try {
      return query.get();
    } catch (RuntimeException e) {
      // The other metrics are still reported.
      LOG.debugf("The %s could not be read: %s", name, e.getMessage());
      return null;
    }
  }
}
