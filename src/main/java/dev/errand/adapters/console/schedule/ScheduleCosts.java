package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.CostOfRuns;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.schedule.ScheduleConfig;
import dev.errand.automation.schedule.SchedulePreviews.SchedulePreview;
import dev.errand.runs.history.RunCosts;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;

/** Estimates what the runs of a schedule cost, by what the last runs of its task have cost. */
@ApplicationScoped
class ScheduleCosts {
  private final RunCosts costs;
  private final ScheduleConfig config;

  ScheduleCosts(RunCosts costs, ScheduleConfig config) {
    this.costs = costs;
    this.config = config;
  }

  ScheduleCost of(PageRequest page, String task, SchedulePreview times) {
    return new ScheduleCost(
        times.isOnce(),
        times.mostOnADay(),
        times.isOftenerThanEachMinute(),
        times.isAsBefore(),
        new CostOfRuns(costs.of(page.caller(), page.profile(), task)),
        BigDecimal.valueOf(config.askAboveUsd()));
  }
}
