package dev.errand.worker;

import dev.errand.run.Claim;
import org.jspecify.annotations.Nullable;

/** A claim that is worked on here, and the thread that does. */
final class Holding {
  private final Claim claim;
  private @Nullable Thread thread;
  private boolean stopped;

  Holding(Claim claim) {
    this.claim = claim;
  }

  Claim claim() {
    return claim;
  }

  /** Whether the calling thread is to work on it. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !stopped;
  }

  /** Stops the work, begun or not. */
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
