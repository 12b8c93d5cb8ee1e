package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a run.
 *
 * @param children the runs that it started, newest first, and the address of the list with all of
 *     them
 * @param waiting the first of its tool calls that wait for a person; empty while it does not wait
 * @param parameters its parameters as JSON; null for none
 * @param result its output as JSON, or the beginning of it; null where it has none
 * @param timeline the steps of the entries that are shown
 * @param stream the address of the stream of further entries; null where none are to come
 * @param self the address from which the page refreshes itself; null where it does not
 */
public record RunPageView(
    Run run,
    RunLine line,
    ListPart<RunLine> children,
    List<WaitingCall> waiting,
    List<Fact> facts,
    @Nullable String parameters,
    @Nullable String result,
    Timeline timeline,
    EntryPart part,
    List<EntryView> entries,
    @Nullable String stream,
    @Nullable String self) {

  /** The address of the form that starts a run with its parameters. */
  public String again() {
    return line.taskAddress() + PagePaths.query(Map.of("run", run.name())) + "#run-it";
  }

  /** Whether it can be cancelled. */
  public boolean isLive() {
    return !run.status().isEnd();
  }

  /** Whether it can be retried. */
  public boolean hasFailed() {
    return run.status() == RunStatus.ERROR;
  }

  /** The address of the list of its tool calls that wait for a person, where there are any. */
  public String allWaiting() {
    return waiting.getFirst().line().home()
        + "/approvals"
        + PagePaths.query(Map.of("run", line.task() + "/" + run.name()));
  }

  /**
   * A tool call that waits for a person.
   *
   * @param arguments its arguments as JSON, with hidden characters written out, or the beginning
   * @param isWhole whether these are all
   */
  public record WaitingCall(ApprovalLine line, String arguments, boolean isWhole) {
    /** Whether one sees enough to decide about it without its own page. */
    public boolean isClear() {
      return isWhole && !line.mayHaveRun();
    }
  }

  /**
   * A number with its name.
   *
   * @param bound the bound, with a word before it; null for none
   * @param percent how much of the bound is used, 0 to 100
   */
  public record Fact(String name, String value, @Nullable String bound, int percent) {
    /** A number without a bound. */
    Fact(String name, String value) {
      this(name, value, null, 0);
    }

    /** A number, and how much of its bound that is. */
    static Fact within(String name, String value, String bound, double used, double most) {
      int percent = most <= 0 ? 0 : Math.clamp(Math.round(100 * used / most), 0, 100);
      return new Fact(name, value, "of " + bound, percent);
    }
  }

  /**
   * The entries that are shown.
   *
   * @param first the number of the first one, from 1; 0 for none
   * @param last that of the last one
   * @param count how many the run has
   * @param before the address of those before; null for none
   * @param after the address of those after; null for none
   * @param newest the address of the last ones; null where these are shown
   */
  public record EntryPart(
      int first,
      int last,
      int count,
      @Nullable String before,
      @Nullable String after,
      @Nullable String newest) {

    /** Whether there are others. */
    public boolean isPart() {
      return before != null || after != null;
    }
  }
}
