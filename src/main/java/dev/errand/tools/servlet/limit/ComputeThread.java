package dev.errand.tools.servlet.limit;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

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
  private static final String IDLE = "idle for servlets";
  private static final String INTERPRETER = "com.dylibso.chicory.runtime.InterpreterMachine";

  private final ComputeThreads others;

  /** What to execute next; null while it executes, and while it waits. */
  private volatile @Nullable Computation next;

  private @Nullable ComputePermit core;

  /**
   * Whether there may be an interrupt or a request to give way; the only field that checks read.
   */
  private volatile boolean attention;

  private volatile boolean asked;

  /** Creates a daemon thread, not started. */
  ComputeThread(ComputeThreads others, long stack, Computation first) {
    super(null, null, IDLE, stack, false);
    this.others = others;
    this.next = first;
    setDaemon(true);
    // That of the application, which the JDK gives only to threads that inherit.
    setContextClassLoader(ComputeThread.class.getClassLoader());
  }

  @Override
  public void run() {
    var goesOn = true;
    while (goesOn) {
      goesOn = execute() && others.awaitNext(this);
    }
  }

  /** Executes what is next; its frame is gone, with all references, when the thread waits. */
  private boolean execute() {
    var computation = requireNonNull(next);
    next = null;
    var clean = computation.run(this);
    core = null;
    setName(IDLE);
    return clean;
  }

  /** Passes the next computation to this thread, which waits for one. */
  void pass(Computation computation) {
    next = computation;
    LockSupport.unpark(this);
  }

  boolean hasNext() {
    return next != null;
  }

  /** Begins a computation. */
  void enter(String name, ComputePermit permit) {
    setName(name);
    core = permit;
    asked = false;
    attention = false;
  }

  /** Asks it to give way at its next check. */
  void ask() {
    asked = true;
    attention = true;
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
        requireNonNull(core).giveWay();
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
