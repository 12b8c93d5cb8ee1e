package dev.errand.runs.worker;

import dev.errand.runs.queue.record.Claim;
import org.jspecify.annotations.Nullable;

/** A claim that is worked on here, and the thread that does. */
final class ActiveClaim {
  private final Claim claim;
  private final WorkBudget budget;
  private volatile Lease lease;
  private @Nullable Thread thread;
  private boolean stopped;
  private volatile boolean ending;

  ActiveClaim(Claim claim, Lease lease, WorkBudget budget) {
    this.claim = claim;
    this.budget = budget;
    this.lease = lease;
  }

  Claim claim() {
    return claim;
  }

  /** How long it may be worked on. */
  WorkBudget budget() {
    return budget;
  }

  /** Its lease was extended, unless it was stopped. */
  synchronized void extend(Lease longer) {
    if (!stopped) {
      lease = longer;
    }
  }

  /** Whether nobody else can have the run yet. */
  boolean isHeld() {
    return lease.holds();
  }

  /** Whether the calling thread is to work on it. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !stopped;
  }

  /** What is left is to write down what came of it: from now on it may be held no longer. */
  void ends() {
    ending = true;
  }

  /** Stops the work that is lost, unless it is just that which is being written down. */
  void lose() {
    if (!ending) {
      stop();
    }
  }

  /** Stops the work, begun or not. */
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
