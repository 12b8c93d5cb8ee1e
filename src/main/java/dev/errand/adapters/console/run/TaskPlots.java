package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.run.UsagePageView.Bar;
import dev.errand.adapters.console.run.UsagePageView.TaskPlot;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.history.UsageSum;
import dev.errand.runs.history.UsageView.OfTask;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Plots the usage of tasks: for each measure the tasks with the most. */
final class TaskPlots {
  private static final int MOST = 8;
  private static final double HUNDREDTHS = 100;

  private TaskPlots() {}

  /** The plots; none for fewer than two tasks, and none of a measure that is 0 for all tasks. */
  static List<TaskPlot> of(List<OfTask> tasks, String home) {
    return tasks.size() < 2
        ? List.of()
        : Stream.of(
                plot(
                    tasks,
                    home,
                    "Cost",
                    BarKind.MODEL,
                    TaskPlots::cost,
                    used -> Amounts.cost(used.costUsd())),
                plot(
                    tasks,
                    home,
                    "Tokens",
                    BarKind.MODEL,
                    UsageSum::totalTokens,
                    used -> Amounts.number(used.totalTokens())),
                plot(tasks, home, "Runs", BarKind.TOOL, TaskPlots::runs, TaskPlots::runsText),
                plot(
                    tasks,
                    home,
                    "Errors",
                    BarKind.BAD,
                    UsageSum::runsError,
                    used -> Amounts.number(used.runsError())))
            .filter(plot -> !plot.bars().isEmpty())
            .toList();
  }

  private static TaskPlot plot(
      List<OfTask> tasks,
      String home,
      String title,
      BarKind kind,
      ToDoubleFunction<UsageSum> measure,
      Function<UsageSum, String> text) {
    List<OfTask> first =
        tasks.stream()
            .filter(task -> measure.applyAsDouble(task.used()) > 0)
            .sorted(
                Comparator.comparingDouble((OfTask task) -> measure.applyAsDouble(task.used()))
                    .reversed()
                    .thenComparing(OfTask::task))
            .limit(MOST)
            .toList();
    double longest = first.isEmpty() ? 1 : measure.applyAsDouble(first.getFirst().used());
    return new TaskPlot(
        title,
        first.stream()
            .map(
                task -> {
                  UsageSum used = task.used();
                  long whole = Math.round(HUNDREDTHS * measure.applyAsDouble(used) / longest);
                  // In the plot of runs, the failed ones are at the end.
                  long failed =
                      kind == BarKind.TOOL
                          ? Math.round(HUNDREDTHS * used.runsError() / longest)
                          : 0;
                  return new Bar(
                      task.task(),
                      task.deleted() ? null : PagePaths.task(home, task.task()),
                      kind,
                      Math.max(0, whole - failed),
                      failed,
                      text.apply(used));
                })
            .toList());
  }

  private static double cost(UsageSum used) {
    return used.costUsd() == null ? 0 : used.costUsd().doubleValue();
  }

  private static double runs(UsageSum used) {
    return (double) used.runsReady() + used.runsError();
  }

  private static String runsText(UsageSum used) {
    String all = Amounts.number(used.runsReady() + used.runsError());
    return used.runsError() == 0 ? all : all + ", " + Amounts.number(used.runsError()) + " failed";
  }
}
