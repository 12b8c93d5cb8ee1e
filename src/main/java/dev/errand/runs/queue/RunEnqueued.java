package dev.errand.runs.queue;

/**
 * Event: a run is in the queue. It is a hint; claimers read the table for the facts.
 *
 * @param isEligible whether it can be claimed; otherwise it waits for a slot of its task
 */
public record RunEnqueued(long runId, boolean isEligible) {
  /** A run that can be claimed. */
  public RunEnqueued(long runId) {
    this(runId, true);
  }
}
