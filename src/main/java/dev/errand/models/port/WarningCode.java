package dev.errand.models.port;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;
import java.util.List;

/**
 * The warnings in a run's results that are about no error. The lower-case name is the stable {@code
 * code} of the entry. A warning that an error is near, or was averted, has the code of that {@link
 * RunError} instead.
 */
@ApiSchema(value = "RunWarningCode", description = "The code of a warning that is about no error.")
public enum WarningCode implements Coded {
  /** The model's last message was cut at its limit of tokens. */
  OUTPUT_CUT,
  /** A content filter, or the model itself, withheld the last message or a part of it. */
  OUTPUT_FILTERED,
  /** What a model thought before is no longer sent to it, since it is of no use to it any more. */
  THINKING_DROPPED,
  /** Nothing bounds the cost of the run, since the cost of the model's answers is not known. */
  COST_UNBOUNDED,
  /** Every tool call failed, or the last one did and the model ended after it. */
  TOOLS_FAILED,
  /** A person rejected a tool call, which was not made. */
  APPROVAL_REJECTED,
  /**
   * Nobody decided in time about a tool call, and it was not made; where the task wants so, the run
   * ends with the error of this code instead.
   */
  APPROVAL_EXPIRED,
  /** A step took longer than the time budget of one event, and is repeated. */
  BUDGET_SPENT,
  /** The model can't be reached, and the run of a schedule is tried again later. */
  RETRY_LATER,
  /** The tier of service had no capacity, and the server's default one was asked. */
  SERVICE_TIER_REFUSED;

  /**
   * The codes of warnings that say nothing of what a ready run did: each run of a model without a
   * price has one, or the run got over a try that failed, by another one, here, in another worker
   * or in another tier of service.
   */
  public static final List<String> MINOR =
      List.of(
          COST_UNBOUNDED.code(),
          THINKING_DROPPED.code(),
          BUDGET_SPENT.code(),
          RETRY_LATER.code(),
          SERVICE_TIER_REFUSED.code(),
          RunError.KEY_REFUSED.code(),
          RunError.MODEL_UNAVAILABLE.code());
}
