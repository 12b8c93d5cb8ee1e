package dev.errand.runs.approval;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What became of a question about a tool call. */
@ApiSchema(
    value = "ApprovalStatus",
    description =
        "`open`: it waits. `approved`: the call is made. `edited`: it is made "
            + "with other arguments. `rejected`: it is not made. `answered`, "
            + "`failed`: the call may have been made, and a person gave its result, "
            + "or ended the run. `expired`: nobody decided in time. `cancelled`: the "
            + "run ended before it was decided or the decision was taken up, or the "
            + "tool was removed.")
public enum ApprovalStatus implements Coded {
  /** Nobody has decided yet. */
  OPEN,
  APPROVED,
  REJECTED,
  /** A person approved the call with other arguments. */
  EDITED,
  /** The call may have been made, and a person told the model its result. */
  ANSWERED,
  /** The call may have been made, and a person ended the run. */
  FAILED,
  /** Nobody decided in time. */
  EXPIRED,
  /** Nobody has to decide any more: the run ended, or the tool was removed. */
  CANCELLED;

  static ApprovalStatus of(String code) {
    return Coded.of(ApprovalStatus.class, code);
  }
}
