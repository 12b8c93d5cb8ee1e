package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PagePaths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a schedule.
 *
 * @param home the address of the home of its profile
 * @param task the name of its task
 * @param parameters the parameters of its runs, indented; empty for none
 * @param fires its newest fires, newest first
 * @param message why an action was refused; null where none was
 */
public record SchedulePageView(
    String home,
    String task,
    ScheduleFacts facts,
    String parameters,
    List<FireLine> fires,
    @Nullable String message) {

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, task);
  }

  /** The address of the page. */
  public String address() {
    return PagePaths.schedule(home, task, facts.schedule().name());
  }
}
