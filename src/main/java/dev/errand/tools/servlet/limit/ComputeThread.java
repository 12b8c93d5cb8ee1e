package dev.errand.tools.servlet.limit;

import java.time.Duration;

/**
 * A thread that executes a servlet. Compiled and interpreted code, bulk operations on memory and
 * loops of host functions check whether their thread was interrupted; there this thread gives way
 * to other calls, too, so that a call that computes for long holds its core for a time slice only.
 * It gives way nowhere else: the JDK checks for interrupts while it holds locks, those of class
 * loaders among them, and a call that got the core could wait for such a lock for ever.
 */
public final class ComputeThread extends Thread {
  private static final String NAME = ComputeThread.class.getName();
  private static final StackWalker CALLERS = StackWalker.getInstance();
  private static final String INTERPRETER = "com.dylibso.chicory.runtime.InterpreterMachine";

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

  /**
   * Whether the thread was interrupted. Asked by servlets' code, the thread gives way first, if it
   * should.
   */
  @Override
  public boolean isInterrupted() {
    if (!attention) {
      return false;
    }
    if (asked && Thread.currentThread() == this && isServletCode()) {
      return attend();
    }
    return super.isInterrupted();
  }

  /**
   * Whether the current thread was interrupted. If it executes a servlet, it gives way first, if it
   * should: the caller holds no lock.
   */
  public static boolean isStopped() {
    return Thread.currentThread() instanceof ComputeThread thread
        ? thread.attention && thread.attend()
        : Thread.currentThread().isInterrupted();
  }

  private boolean attend() {
    if (super.isInterrupted()) {
      return true;
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

  /** Whether this is asked by the check that Chicory puts at loops and calls. */
  private static boolean isServletCode() {
    return CALLERS.walk(
        frames ->
            frames
                .dropWhile(frame -> frame.getClassName().equals(NAME))
                .findFirst()
                .filter(ComputeThread::isCheck)
                .isPresent());
  }

  private static boolean isCheck(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    return frame.getMethodName().equals("checkInterruption")
        // Compiled code has a copy of these methods of its own.
        && (name.contains("Shaded") || name.equals(INTERPRETER));
  }
}
