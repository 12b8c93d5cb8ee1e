package dev.errand.tools.servlet.module;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.errand.tools.servlet.limit.ComputeThread;

/** The check for an interrupt, which compiled code does itself at loops and calls. */
final class Interrupts {
  private Interrupts() {}

  /** Throws if the thread was interrupted. */
  static void check() {
    if (ComputeThread.isStopped()) {
      throw new ChicoryInterruptedException("interrupted");
    }
  }
}
