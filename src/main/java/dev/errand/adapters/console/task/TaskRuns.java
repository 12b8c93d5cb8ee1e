package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.CostOfRuns;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.runs.history.RunCosts;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Finds the newest runs of the page of a task, and what runs of it cost. */
@ApplicationScoped
class TaskRuns {
  private static final int RUNS = 10;

  private final RunSearch search;
  private final RunLines lines;
  private final RunCosts costs;

  TaskRuns(RunSearch search, RunLines lines, RunCosts costs) {
    this.search = search;
    this.lines = lines;
    this.costs = costs;
  }

  List<RunLine> newest(PageRequest page, String task) {
    return lines.of(
        search
            .searchBriefly(
                page.caller(), page.profile(), RunFilter.ofTask(task), Long.MAX_VALUE, RUNS)
            .runs(),
        page.home());
  }

  CostOfRuns cost(PageRequest page, String task) {
    return new CostOfRuns(costs.of(page.caller(), page.profile(), task));
  }
}
