package dev.errand.runs.queue;

/**
 * This worker no longer holds the run, because it was rescued, cancelled or deleted. The worker
 * stops quietly.
 */
public final class ClaimLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClaimLostException(Claim claim) {
    super("Run " + claim.runId() + " is no longer held by attempt " + claim.attempt());
  }
}
