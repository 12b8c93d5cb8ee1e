package dev.errand.runs.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question about a tool call as clients see it.
 *
 * @param task the name of the task
 * @param run the name of the run
 * @param url the absolute address of the page where a person decides
 * @param tool the tool's name, as the model called it
 * @param server the servlet, or the address of the server, that the call goes to; null for none
 * @param rule the rule that asked, for people; null where that is not known
 * @param arguments the model's arguments; null where they are too long for a list
 * @param argumentsBytes the size of these then; absent where they are there
 * @param status {@code open}, {@code approved}, {@code rejected}, {@code edited}, {@code answered},
 *     {@code failed}, {@code expired} or {@code cancelled}
 * @param mayHaveRun whether the call was begun before, and its result is not known
 * @param onExpiry what happens where nobody decides in time: {@code reject}, {@code fail} or {@code
 *     approve}
 * @param decidedBy the user who decided; null where nobody did
 * @param decidedWith the id of the token by which that user decided; null in the console
 * @param changed the arguments with which an edited call is made; absent where it was not edited,
 *     or they are too long for a list
 * @param changedBytes the size of these then; absent where they are there
 * @param result what the person said that the call resulted in; absent where nobody did
 * @param resultBytes the size of the whole result, of which {@code result} is the beginning; absent
 *     where that is all of it
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ApprovalView(
    UUID id,
    String task,
    String run,
    String url,
    String tool,
    @Nullable String server,
    @Nullable String rule,
    @JsonRawValue @Nullable String arguments,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer argumentsBytes,
    String status,
    boolean mayHaveRun,
    Instant requestedAt,
    Instant expiresAt,
    String onExpiry,
    @Nullable Instant decidedAt,
    @Nullable String decidedBy,
    @Nullable String decidedWith,
    @Nullable String reason,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String changed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer changedBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String result,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer resultBytes) {

  static ApprovalView of(FoundApproval found, String url) {
    StoredApproval approval = found.approval();
    boolean isEdited = approval.status() == ApprovalStatus.EDITED;
    boolean isAnswered = approval.status() == ApprovalStatus.ANSWERED;
    return new ApprovalView(
        approval.id(),
        found.task(),
        found.run(),
        url,
        approval.tool(),
        approval.server(),
        approval.rule(),
        approval.argumentsBytes() == null ? approval.arguments() : null,
        approval.argumentsBytes(),
        approval.status().code(),
        approval.mayHaveRun(),
        approval.requestedAt(),
        approval.expiresAt(),
        approval.expiry().code(),
        approval.decidedAt(),
        approval.decidedBy(),
        approval.decidedWith(),
        approval.reason(),
        isEdited && approval.givenBytes() == null ? approval.given() : null,
        isEdited ? approval.givenBytes() : null,
        isAnswered ? approval.given() : null,
        isAnswered ? approval.givenBytes() : null);
  }
}
