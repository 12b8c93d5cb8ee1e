package dev.errand.runs.approval;

import dev.errand.base.json.Coded;

/** What happens where nobody decides in time. */
public enum ApprovalExpiry implements Coded {
  /** The model reads that nobody approved the call. */
  REJECT,
  /** The run ends. */
  FAIL,
  /** The call is made. */
  APPROVE;

  public static ApprovalExpiry of(String code) {
    return Coded.of(ApprovalExpiry.class, code);
  }
}
