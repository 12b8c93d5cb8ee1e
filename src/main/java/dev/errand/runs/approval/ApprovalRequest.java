package dev.errand.runs.approval;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person's decision about a tool call, as a client sends it.
 *
 * @param decision {@code approve}, {@code reject} or {@code edit}; about a call that may have been
 *     made also {@code answer} or {@code fail}
 * @param reason why, for the model and the people who read the run
 * @param arguments the arguments to make the call with, with {@code edit}
 * @param result what the model reads as the result of the call, with {@code answer}
 * @param others unknown fields, which are refused
 */
@RegisterForReflection
public record ApprovalRequest(
    @Nullable String decision,
    @Nullable String reason,
    @Nullable ObjectNode arguments,
    @Nullable String result,
    @JsonAnySetter @Nullable Map<String, JsonNode> others)
    implements CheckedRequest {
  private static final int LONGEST_REASON = 2_000;
  private static final int LONGEST_GIVEN = 200_000;

  /** A decision without fields that are not known. */
  public ApprovalRequest(
      @Nullable String decision,
      @Nullable String reason,
      @Nullable ObjectNode arguments,
      @Nullable String result) {
    this(decision, reason, arguments, result, null);
  }

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
    for (String name : others == null ? Set.<String>of() : others.keySet()) {
      wrong.add(
          ApiException.invalid(
              name, "is not known; there are decision, reason, arguments and result"));
    }
    if (reason != null && reason.length() > LONGEST_REASON) {
      wrong.add(ApiException.invalid("reason", "has more than " + LONGEST_REASON + " characters"));
    }
    if (reason != null && !StorableText.is(reason)) {
      wrong.add(ApiException.invalid("reason", StorableText.PROBLEM));
    }
    if (result != null && !StorableText.is(result)) {
      wrong.add(ApiException.invalid("result", StorableText.PROBLEM));
    }
    Checked checked = wrong.read(this::decided);
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

  private Checked decided() {
    return switch (decision) {
      case "approve" -> new Checked.Approve();
      case "reject" -> new Checked.Reject();
      case "edit" -> new Checked.Edit(requiredArguments());
      case "answer" -> new Checked.Answer(requiredResult());
      case "fail" -> new Checked.Fail();
      case null, default ->
          throw ApiException.invalid(
              "decision",
              "must be approve, reject or edit; about a call that may have been made also answer"
                  + " or fail");
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
