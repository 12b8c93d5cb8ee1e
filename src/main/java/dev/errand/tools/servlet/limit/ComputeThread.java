package dev.errand.tools.servlet.limit;

import java.time.Duration;

/**
 * A thread that executes a servlet. Compiled and interpreted code, bulk operations on memory and
 * loops of host functions check whether their thread was interrupted; there this thread gives way
 * to other calls, too, so that a call that computes for long holds its core for a time slice only.
 * None of these checks is made while a lock is held.
 */
public final class ComputeThread extends Thread {
  private final ComputePermit core;

  /**
   * Whether there may be an interrupt or a request to give way; the only field that checks read.
   */
  private volatile boolean attention;

  private volatile boolean asked;

  /**
   * Creates a daemon thread, not started.
   *
   * @param core the permit that the call holds from its start
   * @param stack the bytes of its stack
   */
  public ComputeThread(Runnable task, String name, long stack, ComputePermit core) {
    super(null, task, name, stack);
    this.core = core;
    setDaemon(true);
  }

  /** Asks the call to give way at its next check, if its time slice is over and others wait. */
  public void share() {
    if (core.due()) {
      asked = true;
      attention = true;
    }
  }

  /**
   * Waits for the end of the thread, and has it share its core meanwhile.
   *
   * @param time how long to wait, without the time that the thread waits for a core
   * @return whether it ended in time
   */
  public boolean endsWithin(Duration time, Duration slice) throws InterruptedException {
    var end = System.nanoTime() + time.toNanos();
    while (true) {
      var left = end + core.waited() - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (join(Duration.ofNanos(Math.min(left, slice.toNanos())))) {
        return true;
      }
      share();
    }
  }

  @Override
  public void interrupt() {
    super.interrupt();
    attention = true;
  }

  @Override
  public boolean isInterrupted() {
    return attention && attend();
  }

  private boolean attend() {
    if (Thread.currentThread() != this || super.isInterrupted()) {
      return super.isInterrupted();
    }
    // Cleared before the state is read, so that what comes after is seen by the next check.
    attention = false;
    if (asked) {
      asked = false;
      try {
        core.giveWay();
      } catch (InterruptedException e) {
        interrupt();
      }
    }
    return super.isInterrupted();
  }
}
