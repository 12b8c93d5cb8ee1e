package dev.errand.runs.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A person's decision about a tool call, as a client sends it. */
@RegisterForReflection
@ApiSchema("ApprovalRequest")
public record ApprovalRequest(
    @Field(
            value = "`answer` and `fail` are only for a call that may have been made.",
            required = true,
            values = {"approve", "reject", "edit", "answer", "fail"},
            refusal =
                "must be approve, reject or edit; about a call that may have been made also answer"
                    + " or fail")
        @Nullable String decision,
    @Field(value = "Why. With `reject` the model reads it as the result of the call.", most = 2000)
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String reason,
    @Field("With `edit`, all arguments of the call; they must fit the schema of the tool.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable ObjectNode arguments,
    @Field("With `answer`, what the model reads as the result of the call.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String result)
    implements CheckedRequest {
  private static final int LONGEST_GIVEN = 200_000;

  /** A checked decision. */
  sealed interface Checked {
    ApprovalStatus status();

    /** What the person put in place of the arguments or of the result; null for nothing. */
    default @Nullable String given() {
      return null;
    }

    /** The call is made as the model wants it. */
    record Approve() implements Checked {
      @Override
      public ApprovalStatus status() {
        return ApprovalStatus.APPROVED;
      }
    }

    /** The call is not made. */
    record Reject() implements Checked {
      @Override
      public ApprovalStatus status() {
        return ApprovalStatus.REJECTED;
      }
    }

    /** The call is made with other arguments. */
    record Edit(ObjectNode arguments) implements Checked {
      @Override
      public ApprovalStatus status() {
        return ApprovalStatus.EDITED;
      }

      @Override
      public String given() {
        return arguments.toString();
      }
    }

    /** The model reads this result of a call that may have been made. */
    record Answer(String given) implements Checked {
      @Override
      public ApprovalStatus status() {
        return ApprovalStatus.ANSWERED;
      }
    }

    /** The run ends, since a call may have been made. */
    record Fail() implements Checked {
      @Override
      public ApprovalStatus status() {
        return ApprovalStatus.FAILED;
      }
    }
  }

  @Override
  public void check() {
    var _ = checked();
  }

  /**
   * Checks what needs no look at the question.
   *
   * @throws ApiException that names all fields which are wrong
   */
  Checked checked() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    wrong.add(() -> StorableText.check("reason", reason));
    wrong.add(() -> StorableText.check("result", result));
    Checked checked = decision == null ? null : wrong.read(() -> decided(decision));
    if (checked != null && arguments != null && !(checked instanceof Checked.Edit)) {
      wrong.add(ApiException.invalid("arguments", "are only taken with the decision edit"));
    }
    if (checked != null && result != null && !(checked instanceof Checked.Answer)) {
      wrong.add(ApiException.invalid("result", "is only taken with the decision answer"));
    }
    String given = checked == null ? null : checked.given();
    if (given != null && given.length() > LONGEST_GIVEN) {
      wrong.add(
          ApiException.invalid(
              checked instanceof Checked.Edit ? "arguments" : "result",
              "have more than " + LONGEST_GIVEN + " characters"));
    }
    wrong.refuse();
    return Objects.requireNonNull(checked);
  }

  private @Nullable Checked decided(String known) {
    return switch (known) {
      case "approve" -> new Checked.Approve();
      case "reject" -> new Checked.Reject();
      case "edit" -> new Checked.Edit(requiredArguments());
      case "answer" -> new Checked.Answer(requiredResult());
      case "fail" -> new Checked.Fail();
      // The check has refused it.
      default -> null;
    };
  }

  private ObjectNode requiredArguments() {
    if (arguments == null) {
      throw ApiException.invalid(
          "arguments", "are required with the decision edit: all of them, as an object");
    }
    return arguments;
  }

  private String requiredResult() {
    if (result == null || result.isBlank()) {
      throw ApiException.invalid(
          "result", "is required with the decision answer: what the model reads as the result");
    }
    return result;
  }
}
