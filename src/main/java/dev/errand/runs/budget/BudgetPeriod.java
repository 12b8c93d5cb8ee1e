package dev.errand.runs.budget;

import dev.errand.base.json.Coded;

/** How long a budget lasts until all of it can be spent again. */
public enum BudgetPeriod implements Coded {
  /** A run with all runs that it starts. */
  RUN("each run"),
  /** A day in UTC. */
  DAY("each day"),
  /** A month in UTC. */
  MONTH("each month");

  private final String words;

  BudgetPeriod(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
