package dev.errand.runs.approval;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Something happened to questions about tool calls. It is fired in the transaction that makes it
 * happen.
 */
public record ApprovalChanged(Kind kind, Instant at, List<Question> questions) {
  /** What happened. */
  public enum Kind {
    REQUESTED,
    /** Little time is left to decide. */
    EXPIRING,
    /** Nobody decided in time. */
    EXPIRED
  }

  /**
   * A question, without what the model wrote.
   *
   * @param run the name of the run
   * @param tool the tool's name, as the model called it
   * @param mayHaveRun whether the call was begun before, and its result is not known
   * @param expiry what happens at {@code expiresAt}
   */
  public record Question(
      UUID id,
      long runId,
      UUID taskId,
      String run,
      String tool,
      boolean mayHaveRun,
      Instant requestedAt,
      Instant expiresAt,
      ApprovalExpiry expiry) {}
}
