package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Those days of a calendar that are not over, and the future fires of schedules on them. */
final class CalendarDays {
  private final List<Day> days = new ArrayList<>();

  /**
   * A day.
   *
   * @param begin where it begins, or the present time
   * @param end where the next one begins
   */
  private record Day(LocalDate date, Instant begin, Instant end) {}

  CalendarDays(LocalDate from, int number, ZoneId zone, Instant now) {
    Instant end = from.atStartOfDay(zone).toInstant();
    for (int i = 0; i < number; i++) {
      LocalDate date = from.plusDays(i);
      Instant begin = end;
      end = date.plusDays(1).atStartOfDay(zone).toInstant();
      if (end.isAfter(now)) {
        days.add(new Day(date, begin.isAfter(now) ? begin : now, end));
      }
    }
  }

  /**
   * The times of the future fires of a schedule, by day, of each day the first ones.
   *
   * @param undecided its first time that is not decided
   * @param mostOfDay how many of a day at most
   */
  Map<LocalDate, List<Instant>> coming(Timing timing, Instant undecided, int mostOfDay) {
    Map<LocalDate, List<Instant>> coming = new HashMap<>();
    Fire next = timing.at(undecided);
    for (Day day : days) {
      // A fire that is due but not decided is neither past nor future: a tick handles it.
      if (next.due().isBefore(day.begin)) {
        Optional<Fire> later = timing.nextDue(day.begin.minusNanos(1));
        if (later.isEmpty()) {
          break;
        }
        next = later.get();
      }
      List<Instant> times = new ArrayList<>();
      @Nullable Fire fire = next;
      @Nullable Fire after = null;
      // No fire is due before its own time: later ones are of later days.
      for (int i = 1; fire != null && fire.time().isBefore(day.end); i++) {
        if (fire.due().isBefore(day.end)) {
          times.add(fire.due());
        } else if (after == null) {
          after = fire;
        }
        fire = i < mostOfDay ? timing.next(fire.time()).orElse(null) : null;
      }
      // The first that is due on a later day, where it is known.
      next = after != null ? after : fire != null ? fire : next;
      if (!times.isEmpty()) {
        coming.put(day.date, times);
      }
    }
    return coming;
  }
}
