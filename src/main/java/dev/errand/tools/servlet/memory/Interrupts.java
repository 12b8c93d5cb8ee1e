package dev.errand.tools.servlet.memory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;

/** The check for an interrupt, which compiled code does itself at loops and calls. */
final class Interrupts {
  private Interrupts() {}

  /** Throws if the thread was interrupted. */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new ChicoryInterruptedException("interrupted");
    }
  }
}
