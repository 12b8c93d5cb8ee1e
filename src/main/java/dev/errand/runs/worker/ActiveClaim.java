package dev.errand.runs.worker;

import dev.errand.base.database.InterruptGate;
import dev.errand.runs.queue.Claim;

/** A claim of this process, with the thread that executes the run. */
final class ActiveClaim implements Holding {
  private final Claim claim;
  private final RunPlaces.Place place;
  private final Runnable freed;
  private final WorkBudget budget;
  private volatile Lease lease;
  private final InterruptGate gate = new InterruptGate();
  private boolean stopped;
  private volatile boolean ending;

  /**
   * A claim.
   *
   * @param freed called when the run leaves its working place, so that another one may begin
   */
  ActiveClaim(Claim claim, Lease lease, RunPlaces.Place place, Runnable freed, WorkBudget budget) {
    this.claim = claim;
    this.place = place;
    this.freed = freed;
    this.budget = budget;
    this.lease = lease;
  }

  Claim claim() {
    return claim;
  }

  @Override
  public RunPlaces.Place place() {
    return place;
  }

  @Override
  public void idle() {
    place.idle();
    freed.run();
  }

  @Override
  public WorkBudget budget() {
    return budget;
  }

  /** Records a longer lease, unless the work was stopped. */
  synchronized void extend(Lease longer) {
    if (!stopped) {
      lease = longer;
    }
  }

  /** Whether the lease still holds, so that no other process can have claimed the run. */
  @Override
  public boolean isHeld() {
    return lease.holds();
  }

  /** Does the work on the calling thread, unless it was stopped before. */
  void work(Runnable work) {
    gate.run(
        () -> {
          if (!isStopped()) {
            work.run();
          }
        });
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** Marks that only the outcome remains to be written, which may end the claim at any moment. */
  @Override
  public void ends() {
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
    gate.interrupt();
  }
}
