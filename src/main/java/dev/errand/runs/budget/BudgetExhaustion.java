package dev.errand.runs.budget;

import dev.errand.base.json.Coded;

/** What happens to a run whose next request to a model does not fit what a budget has left. */
public enum BudgetExhaustion implements Coded {
  /** It ends as {@code budget_exceeded}. */
  FAIL("the run fails"),
  /** It goes on in the next period, or when the limit is raised. */
  WAIT("the run waits");

  private final String words;

  BudgetExhaustion(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
