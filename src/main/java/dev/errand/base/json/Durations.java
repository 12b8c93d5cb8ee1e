package dev.errand.base.json;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one parser of durations in requests: ISO 8601 such as {@code PT90S}, or a number with a unit
 * such as {@code 90 s}, {@code 10m}, {@code 2 hours} and {@code 1 day}. A day has 24 hours.
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
          "([0-9]{1,9}) ?(?:(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hours?)|(d|days?)|(w|weeks?))",
          Pattern.CASE_INSENSITIVE);
  private static final int NANOS = 9;

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} when it is none
   */
  public static Duration parse(String field, String text) {
    return read(text.strip())
        .orElseThrow(
            () ->
                ApiException.invalid(
                    field,
                    "must be a duration such as PT15M, 90 s, 10m, 2 hours or 1 day; months and"
                        + " years have no fixed length"));
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
      throw ApiException.invalid(field, "must be between " + least + " and " + most);
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

  private static Optional<Duration> read(String text) {
    Matcher iso = ISO.matcher(text);
    if (iso.matches()) {
      return Optional.of(
          Duration.ofDays(7 * number(iso.group(1)))
              .plusDays(number(iso.group(2)))
              .plusHours(number(iso.group(3)))
              .plusMinutes(number(iso.group(4)))
              .plusSeconds(number(iso.group(5)))
              .plusNanos(nanos(iso.group(6))));
    }
    Matcher plain = PLAIN.matcher(text);
    return plain.matches() ? Optional.of(plain(plain)) : Optional.empty();
  }

  private static Duration plain(Matcher plain) {
    long number = Long.parseLong(plain.group(1));
    if (plain.group(2) != null) {
      return Duration.ofSeconds(number);
    }
    if (plain.group(3) != null) {
      return Duration.ofMinutes(number);
    }
    if (plain.group(4) != null) {
      return Duration.ofHours(number);
    }
    return Duration.ofDays(plain.group(5) != null ? number : 7 * number);
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static long nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Long.parseLong(fraction + "0".repeat(NANOS - fraction.length()));
  }
}
