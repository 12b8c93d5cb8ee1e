package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.ScheduleView;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A schedule with what people want to know of it.
 *
 * @param retry what happens to its runs while their model can't be reached
 */
public record ScheduleFacts(ScheduleView schedule, String retry) {

  /** The facts of a schedule. */
  static ScheduleFacts of(ScheduleDetails details) {
    return new ScheduleFacts(
        ScheduleView.of(details, UnaryOperator.identity()),
        details.schedule().definition().retry().words());
  }

  /** Why it does not fire; null where it does. */
  public @Nullable String standstill() {
    return schedule.enabled() ? schedule.pausedReason() : "It is paused.";
  }

  /** Whether it fires. */
  public boolean isGoing() {
    return standstill() == null;
  }

  /** When it has paused itself; null where it has not. */
  public @Nullable PageTime paused() {
    return PageTime.orNull(schedule.pausedAt());
  }

  /** Its next fires, five at most. */
  public List<PageTime> next() {
    return schedule.next().stream().map(PageTime::of).toList();
  }
}
