package dev.errand.adapters.console.task;

import dev.errand.adapters.console.notice.NoticeItem;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.CostOfRuns;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.watch.TaskWatchView;
import dev.errand.base.json.Durations;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskView;
import dev.errand.runs.task.TaskWatch;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.ApprovalRules;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a task.
 *
 * @param home the address of the home of its profile
 * @param form the form that runs it; null for users who may not
 * @param again the name of the run whose parameters fill the form; empty for none
 * @param runs its newest runs
 * @param cost what a run costs
 * @param others the addresses and names of its triggers and callbacks
 * @param watch what is expected of it over time
 * @param notices those that tell of it, for users who may change them
 * @param isRegistered whether it has just been registered
 */
public record TaskPageView(
    String home,
    TaskView task,
    @Nullable RunFormView form,
    String again,
    List<RunLine> runs,
    CostOfRuns cost,
    List<ScheduleView> schedules,
    List<Choice> others,
    List<TaskWatchView> watch,
    List<NoticeItem> notices,
    boolean isRegistered) {
  private static final int LONGEST_TOOLS = 1000;

  /**
   * A bound of its runs.
   *
   * @param value the most of it
   */
  public record Bound(String name, String value) {}

  /** The address of the page. */
  public String address() {
    return PagePaths.task(home, task.name());
  }

  /** The address of the run whose parameters fill the form. */
  public String againAddress() {
    return PagePaths.run(home, task.name(), again);
  }

  /** The notices that tell of its failures. */
  public List<NoticeItem> failures() {
    return notices.stream().filter(item -> item.notice().settings().tellsOfFailures()).toList();
  }

  /** The notices that send its answers. */
  public List<NoticeItem> answers() {
    return notices.stream().filter(NoticeItem::sendsAnswers).toList();
  }

  /** Whether a notice tells of its failures now. */
  public boolean isHeard() {
    return failures().stream().anyMatch(NoticeItem::isReady);
  }

  /** What is missed of what is expected. */
  public List<TaskWatchView> missed() {
    return watch.stream().filter(each -> each.missedSince() != null).toList();
  }

  /** What is expected over time, a line for each condition. */
  public List<String> expected() {
    TaskWatch expected = task.settings().bounds().watch();
    List<String> lines = new ArrayList<>();
    if (expected == null) {
      return lines;
    }
    if (expected.readyEvery() != null) {
      lines.add("a run done every " + Durations.words(expected.readyEvery()));
    }
    if (expected.endsWithin() != null) {
      lines.add("runs end within " + Durations.words(expected.endsWithin()));
    }
    if (expected.errorsInARow() != null) {
      lines.add("fewer failures in a row than " + expected.errorsInARow());
    }
    return lines;
  }

  /** The tools that it gets; null for all of the profile. */
  public @Nullable String tools() {
    List<String> tools = task.settings().bounds().tools();
    if (tools == null) {
      return null;
    }
    return tools.isEmpty()
        ? "none"
        : VisibleText.of(Excerpt.of(String.join(", ", tools), LONGEST_TOOLS));
  }

  /** The rules by which calls of tools wait for a person, a line for each. */
  public List<String> approvals() {
    ApprovalRules rules = task.settings().bounds().approvals();
    return rules == null
        ? List.of()
        : rules.byTool().entrySet().stream()
            .map(rule -> VisibleText.of(rule.getKey() + ": " + rule.getValue().json()))
            .toList();
  }

  /** How long persons have to decide, and what happens then. */
  public String inTime() {
    TaskSettings settings = task.settings().bounds();
    return Durations.words(settings.timeToApprove())
        + "; then "
        + settings.onApprovalExpiry().words();
  }

  /** The bounds of its runs. */
  public List<Bound> bounds() {
    TaskSettings settings = task.settings().bounds();
    return List.of(
        new Bound("Time", Durations.words(settings.timeout())),
        new Bound("Model answers", Integer.toString(settings.maxSteps())),
        new Bound("Tokens", Amounts.number(settings.maxTokens())),
        new Bound("Cost", Amounts.cost(BigDecimal.valueOf(settings.maxCostUsd()))),
        new Bound("Tool calls", Integer.toString(settings.maxToolCalls())),
        new Bound("Runs at the same time", Integer.toString(settings.concurrency())));
  }

  /** The address of the page of a schedule. */
  public String address(ScheduleView schedule) {
    return PagePaths.schedule(home, task.name(), schedule.name());
  }

  /** Why a schedule does not fire; null where it does. */
  public @Nullable String standstill(ScheduleView schedule) {
    return schedule.pausedReason() == null && !schedule.enabled()
        ? "It is paused."
        : schedule.pausedReason();
  }

  /** When a schedule fires next; null for never. */
  public @Nullable PageTime next(ScheduleView schedule) {
    return schedule.next().isEmpty() ? null : PageTime.of(schedule.next().getFirst());
  }

  /** Whether there are two to compare. */
  public boolean hasRunsToCompare() {
    return runs.size() > 1;
  }
}
