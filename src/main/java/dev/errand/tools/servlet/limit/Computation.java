package dev.errand.tools.servlet.limit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a servlet on a {@link ComputeThread}. Interrupts and requests to give way reach
 * the thread only while it executes this, so that none is left over for another one.
 */
public final class Computation {
  private final String name;
  private final ComputePermit core;
  private final BooleanSupplier task;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean interrupted;
  private boolean asked;
  private @Nullable ComputeThread thread;

  /**
   * Creates a computation, not started.
   *
   * @param name that of the thread, while it executes this
   * @param task returns whether its thread may be used again
   */
  public Computation(String name, ComputePermit core, BooleanSupplier task) {
    this.name = name;
    this.core = core;
    this.task = task;
  }

  /** Executes the task on the current thread; false if the thread must not be used again. */
  boolean run(ComputeThread current) {
    begin(current);
    var clean = false;
    try {
      clean = task.getAsBoolean();
    } finally {
      clean &= end();
      ended.countDown();
    }
    return clean;
  }

  private synchronized void begin(ComputeThread current) {
    current.enter(name, core);
    thread = current;
    if (interrupted) {
      current.interrupt();
    }
    if (asked) {
      current.ask();
    }
  }

  /** Releases the thread; false if it was interrupted. */
  private synchronized boolean end() {
    thread = null;
    return !interrupted;
  }

  /** Interrupts the task, also if it has not begun yet. */
  public synchronized void interrupt() {
    interrupted = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Asks the task to give way at its next check, if its time slice is over and others wait. */
  public synchronized void share() {
    if (core.due()) {
      asked = true;
      if (thread != null) {
        thread.ask();
      }
    }
  }

  /** Waits for the end; false if it has not ended in that time. */
  public boolean endsWithin(long nanos) throws InterruptedException {
    return ended.await(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for the end, and shares the core meanwhile.
   *
   * @param time how long to wait, without the time that the task waits for a core
   */
  public boolean endsWithin(Duration time, Duration slice) throws InterruptedException {
    var end = System.nanoTime() + time.toNanos();
    while (true) {
      var left = end + core.waited() - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (endsWithin(Math.min(left, slice.toNanos()))) {
        return true;
      }
      share();
    }
  }
}
