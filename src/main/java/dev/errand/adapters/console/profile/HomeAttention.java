package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.profile.HomeView.Attention;
import dev.errand.adapters.console.tool.InstallationState;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.ScheduleRows;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.automation.trigger.ProfileTriggers.FailingTrigger;
import dev.errand.automation.watch.TaskWatchService;
import dev.errand.automation.watch.TaskWatchView;
import dev.errand.automation.watch.WatchCondition;
import dev.errand.identity.page.PagePaths;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.history.TroubledTasks;
import dev.errand.runs.history.TroubledTasks.RunTriedLater;
import dev.errand.runs.history.TroubledTasks.TroubledTask;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.TroubledServers;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what needs a person in a profile, beside the tool calls that wait for one. */
@ApplicationScoped
class HomeAttention {
  // Of each kind. One more is read, so that it is known whether there are more.
  private static final int MOST = 5;
  private static final int LONGEST = 300;

  private final TaskWatchService watches;
  private final TroubledTasks tasks;
  private final ProfileSchedules schedules;
  private final ProfileTriggers triggers;
  private final TroubledServers servers;

  HomeAttention(
      TaskWatchService watches,
      TroubledTasks tasks,
      ProfileSchedules schedules,
      ProfileTriggers triggers,
      TroubledServers servers) {
    this.watches = watches;
    this.tasks = tasks;
    this.schedules = schedules;
    this.triggers = triggers;
    this.servers = servers;
  }

  /** What needs a person, the worst first. */
  List<Attention> of(PageRequest page) {
    List<Attention> all = new ArrayList<>();
    Instant pausedAt = page.pausedAt();
    if (pausedAt != null) {
      all.add(
          new Attention(
              Mark.WARNED,
              "paused",
              page.home() + "/settings/profile",
              page.profile().toString(),
              "No run starts until the profile is resumed.",
              PageTime.of(pausedAt)));
    }
    // A task is not told of twice for the same failures.
    Set<String> told = new HashSet<>();
    addMissed(page, told, all);
    addTroubled(page, told, all);
    addTriedLater(page, all);
    addSchedules(page, told, all);
    addTriggers(page, all);
    addServers(page, all);
    return all;
  }

  private void addMissed(PageRequest page, Set<String> told, List<Attention> all) {
    int conditions = WatchCondition.values().length;
    Map<String, List<TaskWatchView>> missed =
        watches.missed(page.caller(), page.profile(), conditions * MOST + 1);
    List<Attention> lines = new ArrayList<>();
    missed.forEach(
        (task, watched) -> {
          if (watched.stream()
              .anyMatch(each -> each.condition().equals(WatchCondition.ERRORS_IN_A_ROW.code()))) {
            told.add(task);
          }
          lines.add(
              new Attention(
                  Mark.ERROR,
                  "missed",
                  PagePaths.task(page.home(), task),
                  task,
                  watched.stream()
                      .map(TaskWatchView::sentence)
                      .filter(Objects::nonNull)
                      .collect(Collectors.joining(" ")),
                  watched.stream()
                      .map(TaskWatchView::missedSince)
                      .filter(Objects::nonNull)
                      .min(Instant::compareTo)
                      .map(PageTime::of)
                      .orElse(null)));
        });
    add(lines, missed.size(), "tasks that miss what is expected", page.home() + "/tasks", all);
  }

  private void addTroubled(PageRequest page, Set<String> told, List<Attention> all) {
    List<TroubledTask> found = tasks.of(page.caller(), page.profile(), MOST + 1);
    List<Attention> lines = new ArrayList<>();
    for (TroubledTask task : found) {
      boolean hasFailed = task.code() != null;
      if (!hasFailed || told.add(task.task())) {
        lines.add(
            new Attention(
                hasFailed ? Mark.ERROR : Mark.WARNED,
                hasFailed ? "failed" : "warning",
                PagePaths.run(page.home(), task.task(), task.run()),
                task.task() + " / " + task.run(),
                hasFailed ? failure(task) : warnings(task),
                PageTime.of(task.finishedAt())));
      }
    }
    add(
        lines,
        found.size(),
        "tasks whose last run failed",
        page.home() + "/runs?status=error",
        all);
  }

  private void addTriedLater(PageRequest page, List<Attention> all) {
    List<RunTriedLater> found = tasks.triedLater(page.caller(), page.profile(), MOST + 1);
    List<Attention> lines = new ArrayList<>();
    for (RunTriedLater run : found) {
      lines.add(
          new Attention(
              Mark.WARNED,
              "failed " + (run.failures() == 1 ? "once" : times(run.failures())),
              PagePaths.run(page.home(), run.task(), run.run()),
              run.task() + " / " + run.run(),
              "Its model could not be reached. It tries again at",
              PageTime.of(run.nextTry())));
    }
    add(lines, found.size(), "runs that try again", page.home() + "/runs?status=pending", all);
  }

  private static String warnings(TroubledTask task) {
    return task.warnings().stream()
        .filter(code -> !WarningCode.MINOR.contains(code))
        .collect(Collectors.joining(", "));
  }

  private static String failure(TroubledTask task) {
    return task.failures() > 1
        ? task.code() + ", " + times(task.failures()) + " in a row"
        : String.valueOf(task.code());
  }

  private static String failure(int inARow) {
    return inARow == 1
        ? "The last run of the schedule failed."
        : "The schedule failed " + times(inARow) + " in a row.";
  }

  private static String times(int failures) {
    // The count stops there.
    return failures < 100 ? Amounts.number(failures) + " times" : "100 times or more";
  }

  private void addSchedules(PageRequest page, Set<String> told, List<Attention> all) {
    List<Attention> lines = new ArrayList<>();
    List<ScheduleRows.OfTask> found = schedules.troubled(page.caller(), page.profile(), MOST + 1);
    for (ScheduleRows.OfTask of : found) {
      Schedule.Pause pause = of.schedule().state().paused();
      if (pause == null && told.contains(of.task())) {
        continue;
      }
      lines.add(
          new Attention(
              pause == null ? Mark.ERROR : Mark.WARNED,
              pause == null ? "failed" : "paused",
              PagePaths.schedule(page.home(), of.task(), of.schedule().name()),
              of.task() + " / " + of.schedule().name(),
              pause == null ? failure(of.schedule().state().failures()) : pause.reason(),
              pause == null ? null : PageTime.of(pause.at())));
    }
    add(lines, found.size(), "schedules", page.home() + "/schedules", all);
  }

  private void addTriggers(PageRequest page, List<Attention> all) {
    List<FailingTrigger> found = triggers.failing(page.caller(), page.profile(), MOST + 1);
    List<Attention> lines =
        found.stream()
            .map(
                trigger ->
                    new Attention(
                        Mark.ERROR,
                        trigger.deliveries() == 1
                            ? "delivery failed"
                            : Amounts.number(trigger.deliveries()) + " deliveries failed",
                        PagePaths.trigger(page.home(), trigger.task(), trigger.name()),
                        trigger.task() + " / " + trigger.name(),
                        trigger.reason(),
                        PageTime.of(trigger.since())))
            .toList();
    add(lines, found.size(), "triggers", page.home() + "/triggers", all);
  }

  private void addServers(PageRequest page, List<Attention> all) {
    List<Attention> lines = new ArrayList<>();
    List<InstallationView> found = servers.of(page.caller(), page.profile(), MOST + 1);
    for (InstallationView installation : found) {
      McpView server = installation.mcp();
      InstallationState state = InstallationState.of(installation);
      if (server == null || state.equals(InstallationState.READY)) {
        continue;
      }
      lines.add(
          new Attention(
              state.mark(),
              state.text(),
              PagePaths.tool(page.home(), installation.name()),
              installation.name(),
              reason(server),
              server.change() == null ? null : PageTime.of(server.change().foundAt())));
    }
    add(lines, found.size(), "tools", page.home() + "/tools", all);
  }

  private static String reason(McpView server) {
    String failure = server.failure();
    return failure != null
        ? VisibleText.ofProse(failure)
        : server.change() == null ? "" : "Its tools wait until a person has read what changed.";
  }

  // Of those that were found, some may be told of already.
  private static void add(
      List<Attention> lines, int found, String what, String address, List<Attention> all) {
    for (Attention line : lines.subList(0, Math.min(MOST, lines.size()))) {
      all.add(shortened(line));
    }
    if (found > MOST) {
      all.add(new Attention(Mark.PENDING, "more", address, "More " + what, "", null));
    }
  }

  private static Attention shortened(Attention line) {
    return new Attention(
        line.mark(),
        line.state(),
        line.address(),
        line.name(),
        Excerpt.of(line.text(), LONGEST),
        line.time());
  }
}
