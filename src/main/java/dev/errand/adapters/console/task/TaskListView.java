package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the tasks of a profile.
 *
 * @param tasks the tasks, by name
 * @param next the address of the following page; null for the last one
 */
public record TaskListView(List<Line> tasks, @Nullable String next) {

  /**
   * A task.
   *
   * @param model the name of its model
   * @param enabled whether runs of it can be started
   * @param last its newest run; null where it has none
   * @param month the outcomes of its runs that ended in the last 30 days; empty where none did
   * @param next when a schedule starts it next; null for never
   */
  public record Line(
      String name,
      String address,
      String model,
      boolean enabled,
      @Nullable RunLine last,
      String month,
      @Nullable PageTime next) {}
}
