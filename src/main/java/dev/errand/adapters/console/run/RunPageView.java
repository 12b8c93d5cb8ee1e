package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.qute.RawString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a run.
 *
 * @param children the runs that it started, newest first, and the address of the list with all of
 *     them
 * @param waiting the first of its tool calls that wait for a person; empty while it does not wait
 * @param error why it failed; null where it did not
 * @param answer its last message; null where it has none
 * @param now what it does at the moment; null where it does nothing
 * @param parameters its parameters as JSON; null for none
 * @param timeline the steps of the entries that are shown
 * @param failures those of the entries that are shown which failed
 * @param find what its entries are searched for; null where there are few
 * @param stream the address of the stream of further entries; null where none are to come
 * @param self the address from which the page refreshes itself; null where it does not
 */
public record RunPageView(
    Run run,
    RunLine line,
    ListPart<RunLine> children,
    List<WaitingCall> waiting,
    @Nullable String error,
    @Nullable Answer answer,
    @Nullable RunNow now,
    List<Fact> facts,
    @Nullable String parameters,
    Timeline timeline,
    List<Failure> failures,
    @Nullable Find find,
    EntryPart part,
    List<EntryView> entries,
    @Nullable String stream,
    @Nullable String self) {

  /** The address of the form that starts a run with its parameters. */
  public String again() {
    return line.taskAddress() + PagePaths.query(Map.of("run", run.name())) + "#run-it";
  }

  /** The address of the page that compares it with the run before. */
  public String compare() {
    return line.taskAddress() + "/compare" + PagePaths.query(Map.of("run", run.name()));
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
   * The last message of a run.
   *
   * @param html it as safe HTML; null where it is shown as plain text
   * @param text it as plain text, or as JSON; null where it is rendered
   * @param isResult whether it is JSON that fits the schema of the task
   * @param more the page that shows all of it; null where this is all
   */
  public record Answer(
      @Nullable RawString html, @Nullable String text, boolean isResult, @Nullable String more) {}

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

  /** An entry that failed, by its number from 0. */
  public record Failure(int number, String title) {}

  /**
   * A search within the run.
   *
   * @param address the page of the run
   * @param text the text that is searched for; empty for any
   * @param isTrouble whether only failures and warnings are shown
   * @param isOn whether anything is searched for
   * @param count how many entries are shown
   * @param next the address of the page with more of them; null for none
   */
  public record Find(
      String address,
      String text,
      boolean isTrouble,
      boolean isOn,
      int count,
      @Nullable String next) {}

  /**
   * A number with its name.
   *
   * @param bound the bound, with a word before it; null for none
   * @param percent how much of the bound is used, 0 to 100; negative where that is not known
   * @param elapsed the value in milliseconds where it is a time that goes on; negative for any
   *     other
   * @param failed how much of it failed; null for none
   * @param failures the address of what failed; null for none
   */
  public record Fact(
      String name,
      String value,
      @Nullable String bound,
      int percent,
      long elapsed,
      @Nullable String failed,
      @Nullable String failures) {
    /** A number without a bound. */
    Fact(String name, String value) {
      this(name, value, null, -1, -1, null, null);
    }

    /** A number, and how much of its bound that is. */
    static Fact within(String name, String value, String bound, double used, double most) {
      int percent = most <= 0 ? 0 : Math.clamp(Math.round(100 * used / most), 0, 100);
      return new Fact(name, value, "of " + bound, percent, -1, null, null);
    }

    /** A number that has no bound, for a reason. */
    static Fact unbounded(String name, String value, String reason) {
      return new Fact(name, value, reason, -1, -1, null, null);
    }

    /** The number, and how much of it failed. */
    Fact failed(String failed, String address) {
      return new Fact(name, value, bound, percent, elapsed, failed, address);
    }

    /** The number as a time that goes on. */
    Fact going(long ms) {
      return new Fact(name, value, bound, percent, ms, failed, failures);
    }

    /** Whether it is a time that goes on. */
    public boolean isGoing() {
      return elapsed >= 0;
    }

    /** Whether it is shown how much of the bound is used. */
    public boolean isMeasured() {
      return percent >= 0;
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
