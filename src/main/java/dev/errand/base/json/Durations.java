package dev.errand.base.json;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one parser of durations in requests: ISO 8601 such as {@code PT90S}, or whole numbers with
 * units such as {@code 90 s}, {@code 10m}, {@code 1h30m}, {@code 2 hours} and {@code 1 day}. A day
 * has 24 hours. It also writes durations in words.
 */
public final class Durations {
  // No number overflows; no unit is a month or a year, whose lengths differ.
  private static final Pattern ISO =
      Pattern.compile(
          "P(?=[0-9T])(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
              + "(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?"
              + "(?:([0-9]{1,9})(?:[.,]([0-9]{1,9}))?S)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?=[0-9])"
              + part("w|weeks?")
              + part("d|days?")
              + part("h|hrs?|hours?")
              + part("m|mins?|minutes?")
              + part("s|secs?|seconds?"),
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OF_NO_FIXED_LENGTH =
      Pattern.compile(
          "-?P[0-9.,DW]*[0-9][YM].{0,40}|.{0,40}[0-9] ?(?:mo|months?|y|yrs?|years?)",
          Pattern.CASE_INSENSITIVE);
  private static final int NANOS = 9;
  private static final int MS = 1000;

  private Durations() {}

  // What follows a unit is the next number, as in "1h30m", "1 day, 2 hours" and "1 h and 5 min".
  private static String part(String units) {
    return "(?:([0-9]{1,9}) ?(?:" + units + ")(?:,? ?(?:and )?(?=[0-9]))?)?";
  }

  /**
   * Parses a duration.
   *
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} when it is none
   */
  public static Duration parse(String field, String text) {
    return find(text)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    field,
                    OF_NO_FIXED_LENGTH.matcher(text.strip()).matches()
                        ? "has months or years, which have no fixed length: give days, such as 30"
                            + " days or P30D; minutes are written 5m or PT5M"
                        : "must be a duration, in whole numbers such as 15 minutes, 10m, 1h30m or"
                            + " 1 day, or in ISO 8601 such as PT15M"));
  }

  /**
   * Parses a duration.
   *
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} when it is none, or not between the two
   *     bounds
   */
  public static Duration parse(String field, String text, Duration least, Duration most) {
    Duration duration = parse(field, text);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw ApiException.invalid(field, "must be between " + words(least) + " and " + words(most));
    }
    return duration;
  }

  /**
   * Parses a duration in whole seconds.
   *
   * @throws ApiException as {@link #parse}, and where it has a fraction of a second
   */
  public static Duration parseSeconds(String field, String text, Duration least, Duration most) {
    Duration duration = parse(field, text, least, most);
    if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
      throw ApiException.invalid(field, "must be in whole seconds");
    }
    return duration;
  }

  /** The duration of a text; empty where it is none. */
  public static Optional<Duration> find(String text) {
    String given = text.strip();
    Matcher iso = ISO.matcher(given);
    if (iso.matches()) {
      return Optional.of(sum(iso).plusNanos(nanos(iso.group(6))));
    }
    Matcher plain = PLAIN.matcher(given);
    return plain.matches() ? Optional.of(sum(plain)) : Optional.empty();
  }

  // Of weeks, days, hours, minutes and seconds.
  private static Duration sum(Matcher numbers) {
    return Duration.ofDays(7 * number(numbers.group(1)))
        .plusDays(number(numbers.group(2)))
        .plusHours(number(numbers.group(3)))
        .plusMinutes(number(numbers.group(4)))
        .plusSeconds(number(numbers.group(5)));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static long nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Long.parseLong(fraction + "0".repeat(NANOS - fraction.length()));
  }

  /** A duration in a sentence, such as {@code 1 hour and 30 minutes}, to the millisecond. */
  public static String words(Duration length) {
    List<String> parts = parts(length);
    return parts.size() < 2
        ? parts.getFirst()
        : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
  }

  /**
   * A duration as it is typed in a form, such as {@code 1 hour 30 minutes}: without commas, which
   * divide a list. {@link #parse} reads it as the same duration.
   */
  public static String typed(Duration length) {
    return length.isNegative() || length.toNanosPart() != 0
        ? length.toString()
        : String.join(" ", parts(length));
  }

  private static List<String> parts(Duration length) {
    List<String> parts = new ArrayList<>();
    add(parts, length.toDays(), "day");
    add(parts, length.toHoursPart(), "hour");
    add(parts, length.toMinutesPart(), "minute");
    int ms = length.toMillisPart();
    if (ms == 0) {
      add(parts, length.toSecondsPart(), "second");
    } else if (parts.isEmpty() && length.toSecondsPart() == 0) {
      parts.add(ms + " ms");
    } else {
      parts.add(
          BigDecimal.valueOf(length.toSecondsPart() * (long) MS + ms, 3)
                  .stripTrailingZeros()
                  .toPlainString()
              + " seconds");
    }
    return parts.isEmpty() ? List.of("0 seconds") : parts;
  }

  private static void add(List<String> parts, long count, String unit) {
    if (count > 0) {
      parts.add(count + " " + unit + (count == 1 ? "" : "s"));
    }
  }
}
