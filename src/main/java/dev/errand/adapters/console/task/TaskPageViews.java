package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.task.TaskPageView.Bound;
import dev.errand.adapters.console.task.TaskPageView.ScheduleLine;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page of a task. */
@ApplicationScoped
class TaskPageViews {
  private static final int RUNS = 10;
  private static final int SCHEDULES = 50;
  private static final int OTHERS = 20;

  private final RunSearch runs;
  private final ScheduleService schedules;
  private final ProfileTriggers triggers;
  private final ProfileCallbacks callbacks;
  private final RunLines lines;

  TaskPageViews(
      RunSearch runs,
      ScheduleService schedules,
      ProfileTriggers triggers,
      ProfileCallbacks callbacks,
      RunLines lines) {
    this.runs = runs;
    this.schedules = schedules;
    this.triggers = triggers;
    this.callbacks = callbacks;
    this.lines = lines;
  }

  /**
   * The page of a task.
   *
   * @param form the form that runs it; null for users who may not
   */
  TaskPageView of(PageRequest page, TaskView task, @Nullable RunFormView form) {
    String home = page.home();
    RunFilter all = RunFilter.ofTask(task.name());
    return new TaskPageView(
        task.name(),
        PagePaths.task(home, task.name()),
        task.enabled(),
        task.effective().model(),
        task.provider(),
        task.settings().keyHint(),
        task.effective().prompt(),
        task.effective().system(),
        bounds(task.settings().bounds()),
        form,
        lines.of(
            runs.search(page.caller(), page.profile(), all, Long.MAX_VALUE, RUNS).runs(), home),
        schedules.list(page.caller(), page.profile(), task.name(), "", SCHEDULES).stream()
            .map(
                details ->
                    line(ScheduleView.of(details, UnaryOperator.identity()), task.name(), home))
            .toList(),
        others(page, task.name()));
  }

  /** The triggers and callbacks of a task, from the lists of the profile. */
  private List<Choice> others(PageRequest page, String task) {
    String home = page.home();
    Stream<Choice> started =
        triggers.list(page.caller(), page.profile(), task, "", OTHERS).stream()
            .filter(listed -> listed.task().equals(task))
            .map(
                listed ->
                    new Choice(
                        PagePaths.trigger(home, task, listed.name()),
                        "Trigger " + listed.name(),
                        listed.enabled()));
    Stream<Choice> finished =
        callbacks.list(page.caller(), page.profile(), task, ProfileCallbacks.FIRST, OTHERS).stream()
            .filter(listed -> listed.task().equals(task))
            .map(
                listed ->
                    new Choice(
                        PagePaths.callback(home, task, listed.callback().id().toString()),
                        "Callback to " + listed.callback().url(),
                        listed.callback().enabled()));
    return Stream.concat(started, finished).toList();
  }

  private static ScheduleLine line(ScheduleView schedule, String task, String home) {
    String standstill =
        schedule.pausedReason() == null && !schedule.enabled()
            ? "It is paused."
            : schedule.pausedReason();
    return new ScheduleLine(
        schedule.name(),
        PagePaths.schedule(home, task, schedule.name()),
        schedule.description(),
        schedule.next().isEmpty() ? null : PageTime.of(schedule.next().getFirst()),
        standstill);
  }

  private static List<Bound> bounds(TaskSettings settings) {
    return List.of(
        new Bound("Time", Amounts.duration(settings.timeout())),
        new Bound("Answers", Integer.toString(settings.maxSteps())),
        new Bound("Tokens", Amounts.number(settings.maxTokens())),
        new Bound("Cost", Amounts.cost(BigDecimal.valueOf(settings.maxCostUsd()))),
        new Bound("Tool calls", Integer.toString(settings.maxToolCalls())),
        new Bound("Runs at the same time", Integer.toString(settings.concurrency())));
  }
}
