package dev.errand.automation.schedule.calendar;

import static dev.errand.automation.schedule.calendar.EnglishFormat.list;
import static dev.errand.automation.schedule.calendar.EnglishFormat.ordinal;
import static dev.errand.automation.schedule.calendar.EnglishFormat.two;

import java.time.DayOfWeek;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

final class CronWords {
  private static final int MOST_TIMES = 6;
  private static final int SHORTEST_RANGE = 3;
  private static final long WEEKDAYS = 0b0111110;
  private static final long WEEKEND = 0b1000001;

  private CronWords() {}

  static String of(Cron cron) {
    boolean atTimes = areTimes(cron.minutes(), cron.hours());
    String times = atTimes ? "At " + list(times(cron)) : rhythm(cron.minutes(), cron.hours());
    String days = days(cron);
    if (days.isEmpty()) {
      return atTimes ? times + " every day" : times;
    }
    return times + " " + days;
  }

  private static boolean areTimes(CronValues minutes, CronValues hours) {
    return minutes.count() * hours.count() <= MOST_TIMES;
  }

  private static List<String> times(Cron cron) {
    List<String> times = new ArrayList<>();
    for (int hour : cron.hours().all()) {
      cron.minutes().all().forEach(minute -> times.add(two(hour) + ":" + two(minute)));
    }
    return times;
  }

  private static String rhythm(CronValues minutes, CronValues hours) {
    boolean everyHour = hours.count() == 24;
    int apart = minutes.stride();
    if (apart > 0 && minutes.first() == 0 && minutes.count() * apart == 60) {
      return "Every "
          + (apart == 1 ? "minute" : apart + " minutes")
          + (everyHour ? "" : " " + within(hours, 60 - apart));
    }
    if (minutes.count() == 1) {
      String minute = two(minutes.first());
      int hoursApart = hours.stride();
      if (everyHour) {
        return minutes.first() == 0 ? "Every hour on the hour" : "Every hour at " + past(minutes);
      }
      if (hoursApart > 0) {
        return "Every "
            + (hoursApart == 1 ? "hour" : hoursApart + " hours")
            + " from "
            + two(hours.first())
            + ":"
            + minute
            + " to "
            + two(hours.last())
            + ":"
            + minute;
      }
    }
    String of =
        everyHour
            ? "every hour"
            : hours.stride() == 1
                ? "every hour from " + two(hours.first()) + " to " + two(hours.last())
                : hours.count() == 1
                    ? two(hours.first()) + ":00"
                    : "the hours " + values(hours, EnglishFormat::two);
    return "At " + past(minutes) + " " + of;
  }

  private static String past(CronValues minutes) {
    return values(minutes, Integer::toString)
        + (minutes.bits() == 2 ? " minute past" : " minutes past");
  }

  private static String within(CronValues hours, int lastMinute) {
    if (hours.count() == 1 || hours.stride() == 1) {
      return "from " + two(hours.first()) + ":00 to " + two(hours.last()) + ":" + two(lastMinute);
    }
    return "in the hours " + values(hours, EnglishFormat::two);
  }

  private static String days(Cron cron) {
    boolean anyDay = cron.days().count() == 31;
    boolean anyWeekday = cron.weekdays().count() == 7;
    boolean anyMonth = cron.months().count() == 12;
    String months = values(cron.months(), CronWords::month);
    if ((anyDay && anyWeekday) || (cron.isEither() && (anyDay || anyWeekday))) {
      return anyMonth ? "" : "every day in " + months;
    }
    if (anyDay) {
      return weekdays(cron.weekdays()) + (anyMonth ? "" : " in " + months);
    }
    String days = "on " + monthDays(cron.days());
    String of = anyMonth ? " of every month" : " of " + months;
    if (anyWeekday) {
      return days + of;
    }
    return cron.isEither()
        ? days + of + ", and " + weekdays(cron.weekdays()) + (anyMonth ? "" : " in " + months)
        : days + of + ", but only " + weekdays(cron.weekdays());
  }

  private static String monthDays(CronValues days) {
    int stride = days.stride();
    if (stride > 1 && days.count() > SHORTEST_RANGE && days.last() + stride > 31) {
      return "every " + ordinal(stride) + " day from the " + ordinal(days.first()) + " on";
    }
    return "the " + values(days, EnglishFormat::ordinal);
  }

  private static String weekdays(CronValues weekdays) {
    if (weekdays.bits() == WEEKDAYS) {
      return "on weekdays";
    }
    if (weekdays.bits() == WEEKEND) {
      return "at weekends";
    }
    // Lists the days from Monday.
    return "on "
        + list(
            IntStream.rangeClosed(1, 7)
                .filter(day -> weekdays.has(day % 7))
                .mapToObj(day -> name(DayOfWeek.of(day)) + "s")
                .toList());
  }

  private static String name(DayOfWeek day) {
    return capitalised(day.name());
  }

  private static String month(int month) {
    return capitalised(Month.of(month).name());
  }

  private static String capitalised(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /** Values in order, neighbours of three or more as a range. */
  private static String values(CronValues values, IntFunction<String> name) {
    List<String> parts = new ArrayList<>();
    int at = values.first();
    while (at >= 0) {
      int end = at;
      while (values.has(end + 1)) {
        end++;
      }
      if (end - at + 1 >= SHORTEST_RANGE) {
        parts.add(name.apply(at) + " to " + name.apply(end));
      } else {
        for (int value = at; value <= end; value++) {
          parts.add(name.apply(value));
        }
      }
      at = values.from(end + 1);
    }
    return list(parts);
  }
}
