package dev.errand.adapters.console.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.runs.approval.ApprovalRequest;
import dev.errand.runs.approval.FoundApproval;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form that decides about a tool call.
 *
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param field the field that is wrong; empty for none
 * @param message why it was refused; null where it was not
 */
public record ApprovalForm(SentForm sent, String field, @Nullable String message) {
  static final String ARGUMENTS = "arguments";
  private static final String RESULT = "result";
  private static final String REASON = "reason";
  // A page has them twice.
  private static final int LONGEST_EDITED = 100_000;

  /** The form of a call about which nobody has decided. */
  static ApprovalForm of(FoundApproval found, Json json) {
    String arguments = edited(found, json);
    return new ApprovalForm(
        SentForm.of(
            arguments == null || arguments.length() > LONGEST_EDITED
                ? Map.of()
                : Map.of(ARGUMENTS, arguments)),
        "",
        null);
  }

  /**
   * The arguments as they are edited, or the beginning of longer ones than can be edited here; null
   * where they are too long to be read here.
   */
  private static @Nullable String edited(FoundApproval found, Json json) {
    return found.approval().argumentsBytes() == null
        ? VisibleText.ofJson(PrettyJson.of(json.tree(found.approval().arguments()), LONGEST_EDITED))
        : null;
  }

  /** The same with what is wrong with it. */
  ApprovalForm refused(ApiException why) {
    String wrong = why.errors().isEmpty() ? "" : why.errors().getFirst().field();
    return new ApprovalForm(sent, wrong, Refusal.of(why));
  }

  /** Whether the arguments are short enough to be changed here. */
  public boolean isEditable() {
    return sent.has(ARGUMENTS);
  }

  /** Whether a field is the one that is wrong. */
  public boolean isWrong(String name) {
    return message != null && field.equals(name);
  }

  /** The message of the form as a whole; null for none. */
  public @Nullable String general() {
    return isWrong(ARGUMENTS) || isWrong(RESULT) || isWrong(REASON) ? null : message;
  }

  /** How many lines the field of the arguments has. */
  public int lines() {
    return Math.clamp(sent.value(ARGUMENTS).lines().count() + 1, 4, 24);
  }

  /**
   * The decision that was sent.
   *
   * @throws ApiException that names the field which is wrong
   */
  ApprovalRequest request(FoundApproval found, Json json) {
    String decision = sent.line("decision");
    String reason = Texts.givenOrNull(sent.text(REASON));
    return switch (decision) {
      case "approve" -> {
        if (isChanged(found, json)) {
          throw ApiException.invalid(
              ARGUMENTS,
              "were changed, but this button makes the call as the model wants it: use the button"
                  + " below them, or put them back");
        }
        yield new ApprovalRequest(decision, reason, null, null);
      }
      // Whoever changes nothing approves the call as it is.
      case "edit" ->
          isChanged(found, json)
              ? new ApprovalRequest(decision, reason, arguments(json), null)
              : new ApprovalRequest("approve", reason, null, null);
      case "answer" -> new ApprovalRequest(decision, reason, null, sent.value(RESULT));
      default -> new ApprovalRequest(decision, reason, null, null);
    };
  }

  private boolean isChanged(FoundApproval found, Json json) {
    if (!sent.has(ARGUMENTS)) {
      return false;
    }
    String text = sent.value(ARGUMENTS);
    String edited = edited(found, json);
    return edited == null || (!text.strip().equals(edited.strip()) && !isSame(text, found, json));
  }

  private static boolean isSame(String text, FoundApproval found, Json json) {
    return json.parseStrictly(text)
        .filter(json.tree(found.approval().arguments())::equals)
        .isPresent();
  }

  private ObjectNode arguments(Json json) {
    return json.parseStrictly(sent.value(ARGUMENTS))
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    ARGUMENTS,
                    "must be a JSON object in braces, which has each name once; look for a missing"
                        + " quotation mark, comma or brace"));
  }

  @Override
  public String toString() {
    return "ApprovalForm" + sent;
  }
}
