package dev.errand.adapters.console.page;

import dev.errand.runs.history.RunCosts.RunCost;

/** What a run of a task costs, for people. */
public record CostOfRuns(RunCost cost) {

  /** Whether any run has ended. */
  public boolean hasRuns() {
    return cost.runs() > 0;
  }

  /** Whether the cost of any of them is known. */
  public boolean isKnown() {
    return cost.medianUsd() != null;
  }

  /** What half of them cost at most. */
  public String median() {
    return Amounts.cost(cost.medianUsd());
  }

  /** What the most expensive one cost. */
  public String most() {
    return Amounts.cost(cost.mostUsd());
  }

  /** Of which runs that is said. */
  public String of() {
    String runs =
        cost.runs() == 1
            ? "the only run that has ended"
            : "the last %d runs that have ended".formatted(cost.runs());
    int unknown = cost.runs() - cost.priced();
    return !isKnown() || unknown == 0
        ? runs
        : "%s, without %d of unknown cost".formatted(runs, unknown);
  }
}
