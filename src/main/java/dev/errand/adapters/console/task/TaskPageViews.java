package dev.errand.adapters.console.task;

import dev.errand.adapters.console.notice.TaskNotices;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.automation.watch.TaskWatchService;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the page of a task, with its runs, schedules, triggers and callbacks. */
@ApplicationScoped
class TaskPageViews {
  private static final int SCHEDULES = 50;
  private static final int OTHERS = 20;

  private final TaskRuns runs;
  private final ScheduleService schedules;
  private final ProfileTriggers triggers;
  private final ProfileCallbacks callbacks;
  private final TaskWatchService watches;
  private final TaskNotices notices;

  TaskPageViews(
      TaskRuns runs,
      ScheduleService schedules,
      ProfileTriggers triggers,
      ProfileCallbacks callbacks,
      TaskWatchService watches,
      TaskNotices notices) {
    this.runs = runs;
    this.schedules = schedules;
    this.triggers = triggers;
    this.callbacks = callbacks;
    this.watches = watches;
    this.notices = notices;
  }

  /**
   * The page of a task.
   *
   * @param form the form that runs it; null for users who may not
   * @param again the name of the run whose parameters fill the form; null or empty for none
   * @param isRegistered whether it has just been registered
   */
  TaskPageView of(
      PageRequest page,
      TaskView task,
      @Nullable RunFormView form,
      @Nullable String again,
      boolean isRegistered) {
    return new TaskPageView(
        page.home(),
        task,
        form,
        again == null ? "" : again,
        runs.newest(page, task.name()),
        runs.cost(page, task.name()),
        schedules.list(page.caller(), page.profile(), task.name(), "", SCHEDULES).items().stream()
            .map(details -> ScheduleView.of(details, UnaryOperator.identity()))
            .toList(),
        others(page, task.name()),
        task.settings().bounds().watch() == null
            ? List.of()
            : watches.of(page.caller(), page.profile(), task.name()),
        notices.of(page, task.name()),
        isRegistered);
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
}
