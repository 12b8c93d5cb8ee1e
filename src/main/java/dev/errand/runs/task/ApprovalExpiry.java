package dev.errand.runs.task;

import dev.errand.base.json.Coded;

/** What happens where nobody decides in time. */
public enum ApprovalExpiry implements Coded {
  /** The model reads that nobody approved the call. */
  REJECT("the call is not made"),
  /** The run ends. */
  FAIL("the run fails"),
  /** The call is made. */
  APPROVE("the call is made");

  private final String words;

  ApprovalExpiry(String words) {
    this.words = words;
  }

  /** The one with a code; for that of a newer version, the call is not made. */
  public static ApprovalExpiry of(String code) {
    return Coded.find(ApprovalExpiry.class, code).orElse(REJECT);
  }

  @Override
  public String words() {
    return words;
  }
}
