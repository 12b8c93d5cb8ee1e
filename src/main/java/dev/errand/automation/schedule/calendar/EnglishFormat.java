package dev.errand.automation.schedule.calendar;

import dev.errand.base.json.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Formats times and lists in English. */
public final class EnglishFormat {
  private static final DateTimeFormatter TO_THE_MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private EnglishFormat() {}

  /** A time as the wall clock of a zone shows it. */
  public static String time(Instant time, ZoneId zone) {
    boolean wholeMinute = time.getEpochSecond() % 60 == 0;
    return (wholeMinute ? TO_THE_MINUTE : TO_THE_SECOND).format(time.atZone(zone));
  }

  /** What follows {@code every}, such as {@code 15 minutes} or {@code hour}. */
  static String each(Duration length) {
    String span = Durations.words(length);
    return span.startsWith("1 ") && !span.contains(" and ") ? span.substring(2) : span;
  }

  /** A list, such as {@code a, b and c}. */
  public static String list(List<String> items) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
  }

  /** A number as a place in an order, such as {@code 22nd}. */
  static String ordinal(int number) {
    int tens = number % 100;
    String ending =
        tens >= 11 && tens <= 13
            ? "th"
            : switch (number % 10) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return number + ending;
  }

  /** Two digits, such as {@code 07}. */
  static String two(int number) {
    return (number < 10 ? "0" : "") + number;
  }
}
