package dev.errand.runs.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.runs.task.ApprovalExpiry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question about a tool call as clients see it.
 *
 * @param status {@code open}, {@code approved}, {@code rejected}, {@code edited}, {@code answered},
 *     {@code failed}, {@code expired} or {@code cancelled}
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Approval")
public record ApprovalView(
    @Field UUID id,
    @Field("The name of the task.") String task,
    @Field("The name of the run.") String run,
    @Field("The absolute address of the page where a person decides, after a " + "sign-in.")
        String url,
    @Field("The tool, as the model called it.") String tool,
    @Field(
            "The servlet that the call goes to, or the address of the remote "
                + "server, with a digest in place of its query. A decision is about no "
                + "other.")
        @Nullable String server,
    @Field("The rule that asked, as text for people; null where it is not known.")
        @Nullable String rule,
    @Field("The arguments, as the model wrote them; null where they are too long " + "for a list.")
        @JsonRawValue
        @Nullable String arguments,
    @Field(
            "The size of these arguments in UTF-8, where they are left out; absent "
                + "where they are not.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer argumentsBytes,
    @Field(schema = "ApprovalStatus") String status,
    @Field("Whether the call was begun before its process was lost: it may have " + "been made.")
        boolean mayHaveRun,
    @Field Instant requestedAt,
    @Field("Until when somebody may decide.") Instant expiresAt,
    @Field(
            value =
                "What happens then: the call is rejected, the run fails, or the call " + "is made.",
            codes = ApprovalExpiry.class)
        String onExpiry,
    @Field @Nullable Instant decidedAt,
    @Field("The user who decided; null where nobody did, or nobody has to any " + "more.")
        @Nullable String decidedBy,
    @Field("The id of the token by which that user decided; null in the console.")
        @Nullable String decidedWith,
    @Field("Why, for the model and for who reads the run.") @Nullable String reason,
    @Field(
            "The arguments with which an edited call is made; absent for others, "
                + "and where they are too long for a list.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonRawValue
        @Nullable String changed,
    @Field("The size of these in UTF-8, where they are left out.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer changedBytes,
    @Field(
            "What the person said that the call resulted in; absent where nobody "
                + "did. In lists the first 16,384 characters of one with more than 64 "
                + "KiB.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String result,
    @Field("The size of the whole `result` in UTF-8, where that is cut.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer resultBytes) {

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
