package dev.errand.automation.schedule.calendar;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.Month;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What most cron expressions say: one time of the day, on days of the week or on a day of the
 * month.
 *
 * @param weekdays the days of the week; empty where it is a day of the month
 * @param day the day of the month, 1 to 31; 0 where it is days of the week
 */
public record DaysAtTime(LocalTime time, Set<DayOfWeek> weekdays, int day) {
  /** Monday to Friday. */
  public static final List<DayOfWeek> WORKDAYS = List.of(DayOfWeek.values()).subList(0, 5);

  private static final int ALL = DayOfWeek.values().length;

  /** A time on days of the week, at least one. */
  public static DaysAtTime weekly(LocalTime time, Set<DayOfWeek> weekdays) {
    return new DaysAtTime(time, Set.copyOf(weekdays), 0);
  }

  /** A time on a day of the month; months without that day have none. */
  public static DaysAtTime monthly(LocalTime time, int day) {
    return new DaysAtTime(time, Set.of(), day);
  }

  /** What an expression says; empty where it says anything else. */
  public static Optional<DaysAtTime> of(Cron cron) {
    boolean isOneTime = cron.isFixed() && cron.minutes().count() * cron.hours().count() == 1;
    if (!isOneTime || cron.months().count() < Month.values().length) {
      return Optional.empty();
    }
    LocalTime time = LocalTime.of(cron.hours().first(), cron.minutes().first());
    boolean everyDay = cron.days().wild() && !cron.days().stepped();
    boolean everyWeekday = cron.weekdays().wild() && !cron.weekdays().stepped();
    if (everyDay && !cron.weekdays().stepped()) {
      return Optional.of(weekly(time, weekdays(cron.weekdays())));
    }
    return everyWeekday && cron.days().isFixed() && cron.days().count() == 1
        ? Optional.of(monthly(time, cron.days().first()))
        : Optional.empty();
  }

  private static Set<DayOfWeek> weekdays(CronValues values) {
    Set<DayOfWeek> weekdays = EnumSet.allOf(DayOfWeek.class);
    weekdays.removeIf(day -> !values.has(day.getValue() % ALL));
    return weekdays;
  }

  /** The cron expression. */
  public String cron() {
    return "%d %d %s * %s"
        .formatted(
            time.getMinute(), time.getHour(), day == 0 ? "*" : Integer.toString(day), days());
  }

  private String days() {
    if (day > 0 || weekdays.size() == ALL) {
      return "*";
    }
    if (weekdays.equals(Set.copyOf(WORKDAYS))) {
      return "MON-FRI";
    }
    return weekdays.stream()
        .sorted()
        .map(weekday -> weekday.name().substring(0, 3))
        .collect(Collectors.joining(","));
  }
}
