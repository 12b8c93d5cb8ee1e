package dev.errand.runs.worker;

import dev.errand.runs.queue.record.Claim;
import org.jspecify.annotations.Nullable;

/** A claim that this process works on, and the thread that works on it. */
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

  /** The time budget of this claim. */
  WorkBudget budget() {
    return budget;
  }

  /** Records a longer lease, unless the work was stopped. */
  synchronized void extend(Lease longer) {
    if (!stopped) {
      lease = longer;
    }
  }

  /** Whether the lease still holds, so that no other process can have claimed the run. */
  boolean isHeld() {
    return lease.holds();
  }

  /** Assigns the calling thread; false if the work was stopped before. */
  synchronized boolean begin() {
    thread = Thread.currentThread();
    return !stopped;
  }

  /** Marks that only the outcome remains to be written, which may end the claim at any moment. */
  void ends() {
    ending = true;
  }

  /** Stops the work because its claim was lost, unless the outcome is being written. */
  void lose() {
    if (!ending) {
      stop();
    }
  }

  /** Stops the work, whether it has begun or not. */
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
