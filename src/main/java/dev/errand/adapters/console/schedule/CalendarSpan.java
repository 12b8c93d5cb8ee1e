package dev.errand.adapters.console.schedule;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.Coded;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;

/**
 * The days of a calendar: whole weeks, or one day.
 *
 * @param kind how many days are shown
 */
record CalendarSpan(Kind kind, LocalDate date) {
  /** How many days. */
  enum Kind implements Coded {
    MONTH,
    WEEK,
    DAY;

    static Kind of(String code) {
      return Coded.find(Kind.class, code)
          .orElseThrow(() -> ApiException.invalid("view", "must be month, week or day"));
    }
  }

  /** The first day. */
  LocalDate from() {
    return switch (kind) {
      case MONTH -> date.withDayOfMonth(1).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case DAY -> date;
    };
  }

  /** How many days there are. */
  int days() {
    LocalDate from = from();
    return switch (kind) {
      case MONTH ->
          (int)
                  (date.with(TemporalAdjusters.lastDayOfMonth())
                          .with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY))
                          .toEpochDay()
                      - from.toEpochDay())
              + 1;
      case WEEK -> columns();
      case DAY -> 1;
    };
  }

  /** All days. */
  List<LocalDate> dates() {
    return from().datesUntil(from().plusDays(days())).toList();
  }

  /** How many days a row has. */
  int columns() {
    return kind == Kind.DAY ? 1 : DayOfWeek.values().length;
  }

  /** Whether a day belongs to the span, and does not only fill a week. */
  boolean isInside(LocalDate day) {
    return kind != Kind.MONTH || day.getMonth() == date.getMonth();
  }

  /** The same kind of days before or after these. */
  LocalDate next(int steps) {
    return switch (kind) {
      case MONTH -> date.withDayOfMonth(1).plusMonths(steps);
      case WEEK -> date.plusWeeks(steps);
      case DAY -> date.plusDays(steps);
    };
  }

  /** Which days these are. */
  String title() {
    return switch (kind) {
      case MONTH -> name(date.getMonth()) + " " + date.getYear();
      case WEEK -> "Week of " + text(from()) + " " + from().getYear();
      case DAY -> name(date.getDayOfWeek()) + " " + text(date) + " " + date.getYear();
    };
  }

  /** A day and its month. */
  static String text(LocalDate day) {
    return day.getDayOfMonth() + " " + name(day.getMonth());
  }

  // A native executable may contain no names of locales.
  static String name(Enum<?> value) {
    return value.name().charAt(0) + value.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
