package dev.errand.base.database;

import org.jspecify.annotations.Nullable;

/**
 * Holds back interrupts of a thread while it runs SQL. An interrupt in the midst of a statement
 * closes the connection to the database, as it closes every socket that a virtual thread waits for.
 */
public final class InterruptGate {
  private static final ScopedValue<InterruptGate> CURRENT = ScopedValue.newInstance();

  private @Nullable Thread thread;
  private int statements;
  private boolean pending;

  /** Does work on the calling thread; until it ends, {@link #interrupt} interrupts that thread. */
  public void run(Runnable work) {
    synchronized (this) {
      thread = Thread.currentThread();
    }
    try {
      ScopedValue.where(CURRENT, this).run(work);
    } finally {
      synchronized (this) {
        thread = null;
      }
    }
  }

  /** Interrupts the thread, if its work has not ended: at once, or when its statement has ended. */
  public synchronized void interrupt() {
    if (statements > 0) {
      pending = true;
    } else if (thread != null) {
      thread.interrupt();
    }
  }

  /** The gate of the current thread; null where it has none. */
  static @Nullable InterruptGate current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** Holds back interrupts, including one that is already pending. */
  synchronized void close() {
    statements++;
    pending |= Thread.interrupted();
  }

  /** Delivers an interrupt that was held back. */
  synchronized void open() {
    statements--;
    if (statements == 0 && pending) {
      pending = false;
      Thread.currentThread().interrupt();
    }
  }
}
