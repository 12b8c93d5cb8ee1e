package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.schedule.ScheduleStore.ScheduleDetails;
import dev.errand.automation.schedule.ScheduleView;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a schedule, for people.
 *
 * @param timezone the zone of its rule
 * @param missed what happens to missed times: none, last or all
 * @param failures how many failures there were in a row
 * @param enabled whether it was registered to fire
 * @param paused when it has paused itself; null where it has not
 * @param standstill why it does not fire; null where it does
 * @param next its next fires, five at most
 * @param parameters the parameters of its runs, as JSON
 */
public record ScheduleFacts(
    String name,
    String words,
    String timezone,
    String missed,
    int failures,
    boolean enabled,
    @Nullable PageTime paused,
    @Nullable String standstill,
    List<PageTime> next,
    String parameters) {

  /** The facts of a schedule. */
  static ScheduleFacts of(ScheduleDetails details) {
    ScheduleView view = ScheduleView.of(details, UnaryOperator.identity());
    String standstill = view.enabled() ? view.pausedReason() : "It is paused.";
    return new ScheduleFacts(
        view.name(),
        view.description(),
        view.timezone(),
        view.missed(),
        view.failures(),
        view.enabled(),
        PageTime.orNull(view.pausedAt()),
        standstill,
        view.next().stream().map(PageTime::of).toList(),
        view.parameters());
  }

  /** Whether it fires. */
  public boolean isGoing() {
    return standstill == null;
  }
}
