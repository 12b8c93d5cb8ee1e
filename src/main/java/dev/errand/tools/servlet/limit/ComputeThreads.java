package dev.errand.tools.servlet.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that execute servlets. Starting one costs more than a short call, so a thread waits a
 * while for the next computation. One whose computation was interrupted or failed is not used
 * again.
 */
public final class ComputeThreads {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final long stack;

  /** The threads that wait, the one that waits the longest first. */
  private final Deque<ComputeThread> idle = new ArrayDeque<>();

  /**
   * Creates threads on demand.
   *
   * @param stack the size of their stacks, in bytes
   */
  public ComputeThreads(long stack) {
    this.stack = stack;
  }

  /**
   * Starts a computation.
   *
   * @throws OutOfMemoryError when the system has no thread left
   */
  public void start(Computation computation) {
    ComputeThread thread;
    synchronized (this) {
      thread = idle.pollLast();
    }
    if (thread == null) {
      new ComputeThread(this, stack, computation).start();
    } else {
      thread.pass(computation);
    }
  }

  /** Waits until the current thread has its next computation; false if there is none in time. */
  boolean awaitNext(ComputeThread current) {
    synchronized (this) {
      idle.addLast(current);
    }
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!current.hasNext()) {
      var left = end - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else if (leave(current)) {
        return false;
      } else {
        LockSupport.park(this);
      }
    }
    return true;
  }

  /** Stops to wait; false if the thread is about to get a computation. */
  private synchronized boolean leave(ComputeThread thread) {
    return idle.remove(thread);
  }

  /** How many threads wait. */
  synchronized int waiting() {
    return idle.size();
  }
}
