package dev.errand.runs.queue.record;

/** The run is no longer this worker's: it was rescued, cancelled or deleted. Stop quietly. */
public final class ClaimLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClaimLostException(Claim claim) {
    super("Run " + claim.runId() + " is no longer held by attempt " + claim.attempt());
  }
}
