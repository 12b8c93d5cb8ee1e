package dev.errand.runs.budget;

import dev.errand.base.json.Coded;

/** What became of a request to a model that budgets count; for the metrics only. */
public enum BudgetOutcome implements Coded {
  /** It fits what is left, and is sent. */
  GRANTED,
  /** It waits for the answers of others, which may cost less than is reserved for them. */
  LATER,
  /** A budget is used up, and its run waits for the next period. */
  WAITS,
  /** A budget is used up, and its run ends. */
  EXCEEDED,
  /** Its cost can't be known before, and its run ends. */
  UNPRICED,
  /** Its answer is lost: the most that it could cost counts as spent. */
  LOST
}
