package dev.errand.automation.schedule.calendar;

import dev.errand.base.error.ApiException;
import dev.errand.base.turn.FairPool;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week. If both
 * kinds of day are restricted, a day matches if either matches (POSIX). A field with a wildcard is
 * not restricted; a step in it must match in addition.
 */
public record Cron(
    CronValues minutes, CronValues hours, CronValues days, CronValues months, CronValues weekdays) {
  private static final int MINUTES_OF_HOUR = 60;
  private static final int LONGEST = 256;

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  /**
   * Reads an expression.
   *
   * @throws ApiException if it is not valid, or never matches
   */
  public static Cron parse(String text) {
    String stripped = text.strip();
    if (stripped.length() > LONGEST) {
      throw wrong("has more than " + LONGEST + " characters");
    }
    String[] fields = fields(stripped);
    Cron cron =
        new Cron(
            CronField.MINUTE.read(fields[0]),
            CronField.HOUR.read(fields[1]),
            CronField.DAY_OF_MONTH.read(fields[2]),
            CronField.MONTH.read(fields[3]),
            CronField.DAY_OF_WEEK.read(fields[4]));
    if (!cron.isPossible()) {
      throw wrong("never matches: none of its months has such a day");
    }
    return cron;
  }

  private static String[] fields(String text) {
    if (text.startsWith("@")) {
      String meant = NICKNAMES.get(text.toLowerCase(Locale.ROOT));
      if (meant == null) {
        throw wrong(
            "`"
                + text
                + "` is not a nickname: there are @hourly, @daily, @midnight, @weekly,"
                + " @monthly, @yearly and @annually");
      }
      return meant.split(" ");
    }
    if (text.contains("=")) {
      throw wrong("must be only the five fields: put a time zone into timezone");
    }
    String[] fields = text.split("\\s+");
    if (fields.length != CronField.values().length) {
      throw wrong(
          "must be five fields, `minute hour day-of-month month day-of-week`, such as 30 9 * * 1-5;"
              + " here are "
              + (text.isEmpty() ? 0 : fields.length));
    }
    return fields;
  }

  /**
   * Whether minute and hour are fixed, without a wildcard or a step. Such an expression follows the
   * wall clock.
   */
  public boolean isFixed() {
    return minutes.isFixed() && hours.isFixed();
  }

  /**
   * The first matching minute.
   *
   * @return the minute; null when there is none
   */
  @Nullable LocalDateTime match(LocalDateTime from, LocalDate last) {
    LocalDate day = from.toLocalDate();
    int least = from.getHour() * MINUTES_OF_HOUR + from.getMinute();
    while (!day.isAfter(last)) {
      FairPool.check(1);
      LocalDate candidate = candidate(day);
      if (!candidate.equals(day)) {
        day = candidate;
        least = 0;
        continue;
      }
      if (isDay(day)) {
        int minute = minuteOfDay(least);
        if (minute >= 0) {
          return day.atTime(minute / MINUTES_OF_HOUR, minute % MINUTES_OF_HOUR);
        }
      }
      day = day.plusDays(1);
      least = 0;
    }
    return null;
  }

  /**
   * A day itself, where it is in one of the months and may match; else a later one, before which
   * none does. Without this, a rare day is looked for among those of decades.
   */
  private LocalDate candidate(LocalDate day) {
    int month = months.from(day.getMonthValue());
    if (month < 0) {
      return LocalDate.of(day.getYear() + 1, months.first(), 1);
    }
    if (month != day.getMonthValue()) {
      return LocalDate.of(day.getYear(), month, 1);
    }
    if (isEither()) {
      return day;
    }
    int ofMonth = days.from(day.getDayOfMonth());
    return ofMonth < 0 || ofMonth > day.lengthOfMonth()
        ? day.withDayOfMonth(1).plusMonths(1)
        : day.withDayOfMonth(ofMonth);
  }

  private int minuteOfDay(int least) {
    int hour = hours.from(least / MINUTES_OF_HOUR);
    if (hour < 0) {
      return -1;
    }
    int minute = minutes.from(hour == least / MINUTES_OF_HOUR ? least % MINUTES_OF_HOUR : 0);
    if (minute < 0) {
      hour = hours.from(hour + 1);
      minute = minutes.first();
    }
    return hour < 0 ? -1 : hour * MINUTES_OF_HOUR + minute;
  }

  private boolean isDay(LocalDate day) {
    boolean byDay = days.has(day.getDayOfMonth());
    boolean byWeekday = weekdays.has(day.getDayOfWeek().getValue() % 7);
    return isEither() ? byDay || byWeekday : byDay && byWeekday;
  }

  /** Whether a match of either kind of day is enough. */
  boolean isEither() {
    return !days.wild() && !weekdays.wild();
  }

  // Every day of every month falls on every day of the week at some time, also 29 February.
  private boolean isPossible() {
    return isEither()
        || months.all().stream().anyMatch(m -> Month.of(m).maxLength() >= days.first());
  }

  private static ApiException wrong(String sentence) {
    return ApiException.invalid("cron", sentence);
  }
}
