package dev.errand.runs.approval;

import java.time.Instant;
import java.util.UUID;

/**
 * Something happened to a question about a tool call. It is fired in the transaction that makes it
 * happen.
 *
 * @param tool the tool's name, as the model called it
 */
public record ApprovalChanged(
    Kind kind, UUID id, UUID taskId, String run, String tool, Instant at, Instant expiresAt) {
  /** What happened. */
  public enum Kind {
    REQUESTED,
    /** Little time is left to decide. */
    EXPIRING
  }
}
