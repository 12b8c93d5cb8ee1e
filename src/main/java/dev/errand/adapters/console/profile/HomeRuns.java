package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.profile.HomeView.NewAnswer;
import dev.errand.base.markdown.MarkdownText;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.approval.ApprovalStatus;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.history.RunSearch.FoundRun;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/** Finds the runs, and their tool calls that wait for a person, of the home of a profile. */
@ApplicationScoped
class HomeRuns {
  private static final int LIVE = 10;
  private static final int ANSWERS = 5;
  private static final int LONGEST_ANSWER = 260;
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

  /** The newest answers. */
  List<NewAnswer> answers(PageRequest page) {
    return found(page, RunFilter.of(EnumSet.of(RunStatus.READY)), ANSWERS).stream()
        .map(
            found -> {
              RunLine line = lines.of(found.run(), found.task(), page.home());
              Instant ended = found.run().finishedAt();
              return new NewAnswer(
                  line, text(found.run()), ended == null ? line.created() : PageTime.of(ended));
            })
        .toList();
  }

  private static String text(Run run) {
    String output = Objects.requireNonNullElse(run.output(), "");
    String text =
        run.hasResult()
            ? VisibleText.ofJson(output)
            : MarkdownText.plain(VisibleText.ofProse(output));
    return Excerpt.of(text, LONGEST_ANSWER);
  }

  /** Whether anything has run, as far as is known. */
  boolean hasAny(PageRequest page) {
    return !newest(page, RunFilter.ALL, 1).isEmpty();
  }

  private List<RunLine> newest(PageRequest page, RunFilter filter, int most) {
    return lines.of(found(page, filter, most), page.home());
  }

  private List<FoundRun> found(PageRequest page, RunFilter filter, int most) {
    return runs.searchBriefly(page.caller(), page.profile(), filter, Long.MAX_VALUE, most).runs();
  }

  /** The newest tool calls that wait for a person. */
  List<ApprovalLine> waiting(PageRequest page) {
    // It is counted for the head in any case.
    if (page.waiting().isEmpty()) {
      return List.of();
    }
    String open = ApprovalStatus.OPEN.code();
    return approvals
        .listBriefly(page.caller(), page.profile(), open, null, Long.MAX_VALUE, WAITING)
        .items()
        .stream()
        .map(found -> new ApprovalLine(found, page.home()))
        .toList();
  }
}
