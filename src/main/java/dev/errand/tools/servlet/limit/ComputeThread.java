package dev.errand.tools.servlet.limit;

import java.time.Duration;

/**
 * A thread that executes a servlet. Compiled and interpreted code, bulk operations on memory and
 * loops of host functions check whether their thread was interrupted; at these checks this thread
 * also gives way to other calls, so that a long computation holds its core only for a time slice.
 * It gives way nowhere else: the JDK also checks for interrupts while it holds locks, such as those
 * of class loaders, and the call that gets the core could wait for such a lock forever.
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

  /** Creates a daemon thread, not started. */
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
   * Waits for the end of the thread, which shares its core meanwhile.
   *
   * @param time how long to wait, without the time that the thread waits for a core
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
   * Whether the thread was interrupted. If the check of a servlet's code calls this, the thread
   * gives way first, if it should.
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
    // Cleared before the state is read, so that the next check sees later changes.
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

  /** Whether the caller is the check that Chicory inserts at loops and calls. */
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
        // Compiled code has its own copy of these methods.
        && (name.contains("Shaded") || name.equals(INTERPRETER));
  }
}
