package dev.errand.runs.approval;

import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.tools.port.ToolOrigin;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Convert;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question about one tool call, and what became of it.
 *
 * @param number orders all questions
 * @param called the tool that it calls
 * @param rule the rule that asked, for people; null where that is not known
 * @param step which answer of the model the call is of, counted from 1 within the run
 * @param tool the tool's name, as the model called it
 * @param arguments the model's arguments, a JSON object
 * @param argumentsBytes the size of these in bytes, where only the beginning was read; null where
 *     all of them were
 * @param definitions the address of the definitions of the run's tools; null for none
 * @param mayHaveRun whether the call was begun before, and its result is not known
 * @param expiry what happens at {@code expiresAt}
 * @param decidedBy the user who decided; null where nobody did
 * @param decidedWith the id of the token by which that user decided; null in the console
 * @param given the arguments of an edited call, or the result that a person gave
 * @param givenBytes the size of that in bytes, where only the beginning was read; null where all of
 *     it was
 * @param takenAt when the run took the decision up
 */
@RegisterForReflection
public record StoredApproval(
    UUID id,
    long number,
    long runId,
    Called called,
    @Nullable String rule,
    int step,
    String callId,
    String tool,
    String arguments,
    @Nullable Integer argumentsBytes,
    @Nullable String definitions,
    boolean mayHaveRun,
    ApprovalStatus status,
    Instant requestedAt,
    Instant expiresAt,
    @Convert(converter = ApprovalExpiry.Stored.class) ApprovalExpiry expiry,
    @Nullable Instant decidedAt,
    @Nullable String decidedBy,
    @Nullable String decidedWith,
    @Nullable String reason,
    @Nullable String given,
    @Nullable Integer givenBytes,
    @Nullable Instant takenAt) {

  /**
   * The tool of a call, as it is stored.
   *
   * @param installationId null where it was of no installation, or that is gone
   */
  @RegisterForReflection
  record Called(@Nullable UUID installationId, @Nullable String ownTool, @Nullable String server) {}

  /** The tool; null where it is of no installation. */
  public @Nullable ToolOrigin origin() {
    return called.installationId == null || called.ownTool == null || called.server == null
        ? null
        : new ToolOrigin(called.installationId, called.ownTool, called.server);
  }

  /** The servlet, or the address of the server, that the call goes to; null for none. */
  public @Nullable String server() {
    ToolOrigin origin = origin();
    return origin == null ? null : origin.server();
  }
}
