package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.runs.budget.BudgetHistory.CostlyRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a budget shows.
 *
 * @param course how it is spent day by day; null where each run has its own
 * @param runs the most expensive runs; null where runs are counted together, or for admins who may
 *     not see them
 * @param message why an action was refused; null where none was
 */
public record BudgetPageView(
    BudgetHolder holder,
    BudgetItem item,
    @Nullable BudgetCourse course,
    @Nullable List<CostlyLine> runs,
    @Nullable String message) {

  /** Whether it shows the most expensive runs, be there none. */
  public boolean showsRuns() {
    return runs != null;
  }

  /** One of the most expensive runs. */
  public record CostlyLine(CostlyRun run, String address) {
    public String cost() {
      return Amounts.cost(run.usd());
    }

    public PageTime created() {
      return PageTime.of(run.createdAt());
    }
  }
}
