package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.schedule.ProfileSchedules.ListedSchedule;
import dev.errand.identity.page.PagePaths;
import org.jspecify.annotations.Nullable;

/**
 * A schedule in the list of a profile.
 *
 * @param home the address of the home of the profile
 * @param task the name of its task
 * @param last its newest fire; null where there is none
 */
public record ScheduleItem(String home, String task, ScheduleFacts facts, @Nullable FireLine last) {

  /** A schedule of the list. */
  static ScheduleItem of(ListedSchedule listed, String home) {
    return new ScheduleItem(
        home,
        listed.task(),
        ScheduleFacts.of(listed.details()),
        listed.last() == null ? null : FireLine.of(listed.last(), home, listed.task()));
  }

  /** The page of the schedule. */
  public String address() {
    return PagePaths.schedule(home, task, facts.schedule().name());
  }

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, task);
  }

  /** When it fires next; null for never. */
  public @Nullable PageTime next() {
    return facts.next().isEmpty() ? null : facts.next().getFirst();
  }

  TaskPlace place() {
    return new TaskPlace(task, facts.schedule().name());
  }
}
