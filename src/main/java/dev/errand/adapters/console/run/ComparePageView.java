package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.RunLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page that compares two runs of a task.
 *
 * @param address the page of the task
 * @param before the runs to choose the first one from
 * @param after the runs to choose the second one from
 * @param compared how the two runs differ; null where there are not two
 * @param message why nothing is compared; null where it is
 */
public record ComparePageView(
    String task,
    String address,
    List<Choice> before,
    List<Choice> after,
    @Nullable Compared compared,
    @Nullable String message) {

  /**
   * Two runs.
   *
   * @param before the older one
   * @param live says that one of them, or both, have not ended; null where both have
   * @param facts what each is, took and cost
   */
  public record Compared(
      RunLine before, RunLine after, @Nullable String live, List<Fact> facts, List<Part> parts) {}

  /** A value of each run, as text. */
  public record Fact(String name, String before, String after) {
    /** Whether they differ. */
    public boolean isOther() {
      return !before.equals(after);
    }
  }

  /**
   * A text of each run.
   *
   * @param said what is said before the lines, or in their place; null for nothing
   * @param cut what is said where not all was compared
   */
  public record Part(String id, String title, TextDiff diff, @Nullable String said, String cut) {}
}
