package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with the schedules of a profile shows.
 *
 * @param next the address of the following page; null for the last one
 */
public record ScheduleListView(List<Line> schedules, @Nullable String next) {

  /**
   * A schedule.
   *
   * @param task the name of its task
   * @param taskAddress the page of its task
   * @param standstill why it does not fire; null where it does
   * @param next when it fires next; null for never
   * @param last its newest fire; null where there is none
   */
  public record Line(
      String name,
      String address,
      String task,
      String taskAddress,
      String words,
      @Nullable String standstill,
      @Nullable PageTime next,
      @Nullable FireLine last) {}
}
