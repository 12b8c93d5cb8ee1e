package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.approval.ApprovalStatus;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.queue.RunStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;

/** Finds the runs, and their tool calls that wait for a person, of the home of a profile. */
@ApplicationScoped
class HomeRuns {
  private static final int LIVE = 10;
  private static final int TROUBLED = 5;
  private static final int WAITING = 5;

  private final RunSearch runs;
  private final RunLines lines;
  private final ApprovalService approvals;

  HomeRuns(RunSearch runs, RunLines lines, ApprovalService approvals) {
    this.runs = runs;
    this.lines = lines;
    this.approvals = approvals;
  }

  /** The newest runs that have not ended. */
  List<RunLine> live(PageRequest page) {
    return newest(page, RunFilter.of(EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING)), LIVE);
  }

  /** The newest runs that failed or got warnings. */
  List<RunLine> troubled(PageRequest page) {
    return newest(page, RunFilter.ofTrouble(), TROUBLED);
  }

  /** Whether anything has run, as far as is known. */
  boolean hasAny(PageRequest page) {
    return !newest(page, RunFilter.ALL, 1).isEmpty();
  }

  private List<RunLine> newest(PageRequest page, RunFilter filter, int most) {
    return lines.of(
        runs.search(page.caller(), page.profile(), filter, Long.MAX_VALUE, most).runs(),
        page.home());
  }

  /** The newest tool calls that wait for a person. */
  List<ApprovalLine> waiting(PageRequest page) {
    // It is counted for the head in any case.
    if (page.waiting().isEmpty()) {
      return List.of();
    }
    String open = ApprovalStatus.OPEN.code();
    return approvals
        .list(page.caller(), page.profile(), open, null, Long.MAX_VALUE, WAITING)
        .approvals()
        .stream()
        .map(found -> new ApprovalLine(found, page.home()))
        .toList();
  }
}
