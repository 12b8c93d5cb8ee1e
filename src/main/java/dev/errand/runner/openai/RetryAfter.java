package dev.errand.runner.openai;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how long a server wants to be left alone. */
final class RetryAfter {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");
  private static final Pattern DASHED =
      Pattern.compile("[A-Za-z]+, ([0-9]{2})-([A-Za-z]{3})-([0-9]{2}) ([0-9:]{8}) GMT");
  private static final Pattern SPACED =
      Pattern.compile("[A-Za-z]{3} ([A-Za-z]{3}) +([0-9]{1,2}) ([0-9:]{8}) ([0-9]{4})");
  // A year of two digits is never later than that.
  private static final int MOST_YEARS_AHEAD = 50;
  private static final double MILLI = 0.001;

  private RetryAfter() {}

  /**
   * The wait that the header fields ask for: {@code retry-after-ms} in milliseconds, or else {@code
   * Retry-After} in seconds or as a date.
   *
   * @param now the time here, where the server does not tell its own
   * @return empty where they ask for none that can be understood
   */
  static Optional<Duration> in(MultiMap headers, Instant now) {
    Optional<Duration> exact = number(headers.get("retry-after-ms"), MILLI);
    if (exact.isPresent()) {
      return exact;
    }
    String text = headers.get("retry-after");
    Optional<Duration> seconds = number(text, 1);
    if (seconds.isPresent()) {
      return seconds;
    }
    // Told by the server's own clock, the wait is right whatever ours says.
    Instant from = date(headers.get("date"), now).orElse(now);
    return date(text, now)
        .map(until -> Duration.between(from, until))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<Duration> number(@Nullable String text, double unit) {
    if (text == null || !NUMBER.matcher(text.strip()).matches()) {
      return Optional.empty();
    }
    double seconds = Double.parseDouble(text.strip()) * unit;
    return Optional.of(Duration.ofNanos((long) Math.min(seconds * 1e9, Long.MAX_VALUE)));
  }

  private static Optional<Instant> date(@Nullable String text, Instant now) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ZonedDateTime.parse(newest(text.strip(), now), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  // HTTP has known three forms of a date, and the two old ones are still to be understood.
  private static String newest(String date, Instant now) {
    Matcher dashed = DASHED.matcher(date);
    if (dashed.matches()) {
      int first = now.atOffset(ZoneOffset.UTC).getYear() - MOST_YEARS_AHEAD + 1;
      int year = first + Math.floorMod(Integer.parseInt(dashed.group(3)) - first, 100);
      return dashed.group(1) + " " + dashed.group(2) + " " + year + " " + dashed.group(4) + " GMT";
    }
    Matcher spaced = SPACED.matcher(date);
    return spaced.matches()
        ? spaced.group(2)
            + " "
            + spaced.group(1)
            + " "
            + spaced.group(4)
            + " "
            + spaced.group(3)
            + " GMT"
        : date;
  }
}
