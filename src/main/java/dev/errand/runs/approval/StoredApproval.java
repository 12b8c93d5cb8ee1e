package dev.errand.runs.approval;

import dev.errand.base.database.Row;
import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.tools.port.ToolOrigin;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question about one tool call, and what became of it.
 *
 * @param number orders all questions
 * @param origin the tool; null where it is of no installation
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
public record StoredApproval(
    UUID id,
    long number,
    long runId,
    @Nullable ToolOrigin origin,
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
    ApprovalExpiry expiry,
    @Nullable Instant decidedAt,
    @Nullable String decidedBy,
    @Nullable String decidedWith,
    @Nullable String reason,
    @Nullable String given,
    @Nullable Integer givenBytes,
    @Nullable Instant takenAt) {

  /** The servlet, or the address of the server, that the call goes to; null for none. */
  public @Nullable String server() {
    return origin == null ? null : origin.server();
  }

  private static @Nullable ToolOrigin origin(Row row) {
    UUID installation = row.idOrNull("installation_id");
    String tool = row.textOrNull("own_tool");
    String server = row.textOrNull("server");
    return installation == null || tool == null || server == null
        ? null
        : new ToolOrigin(installation, tool, server);
  }

  /** A question, from all columns of the table. */
  static StoredApproval of(Row row) {
    return of(row, null, null);
  }

  /** A question of a list, from a row that has the sizes of what is cut as well. */
  static StoredApproval listed(Row row) {
    return of(row, row.integerOrNull("arguments_bytes"), row.integerOrNull("given_bytes"));
  }

  private static StoredApproval of(
      Row row, @Nullable Integer argumentsBytes, @Nullable Integer givenBytes) {
    return new StoredApproval(
        row.id("id"),
        row.number("number"),
        row.number("run_id"),
        origin(row),
        row.textOrNull("rule"),
        row.integer("step"),
        row.text("call_id"),
        row.text("tool"),
        row.text("arguments"),
        argumentsBytes,
        row.textOrNull("definitions"),
        row.flag("may_have_run"),
        ApprovalStatus.of(row.text("status")),
        row.time("requested_at"),
        row.time("expires_at"),
        ApprovalExpiry.of(row.text("expiry")),
        row.timeOrNull("decided_at"),
        row.textOrNull("decided_by"),
        row.textOrNull("decided_with"),
        row.textOrNull("reason"),
        row.textOrNull("given"),
        givenBytes,
        row.timeOrNull("taken_at"));
  }
}
