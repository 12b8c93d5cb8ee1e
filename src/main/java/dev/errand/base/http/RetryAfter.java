package dev.errand.base.http;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the wait that a server asks for in {@code Retry-After}. */
public final class RetryAfter {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");
  private static final double MILLI = 0.001;

  private RetryAfter() {}

  /**
   * The wait that the header fields ask for: {@code retry-after-ms} in milliseconds, or else {@code
   * Retry-After} in seconds or as a date.
   *
   * @param now the time here, where the server does not send its own
   * @return empty where they ask for none that can be understood
   */
  public static Optional<Duration> in(MultiMap headers, Instant now) {
    return in(headers::get, now);
  }

  /**
   * The wait that the header fields ask for.
   *
   * @param header the value of a field, by its name in lower case
   * @see #in(MultiMap, Instant)
   */
  public static Optional<Duration> in(UnaryOperator<@Nullable String> header, Instant now) {
    Optional<Duration> exact = number(header.apply("retry-after-ms"), MILLI);
    if (exact.isPresent()) {
      return exact;
    }
    String text = header.apply("retry-after");
    Optional<Duration> seconds = number(text, 1);
    if (seconds.isPresent()) {
      return seconds;
    }
    // Relative to the server's own clock, the wait is right even if ours is wrong.
    Instant from = date(header.apply("date")).orElse(now);
    return date(text)
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

  private static Optional<Instant> date(@Nullable String text) {
    return Optional.ofNullable(text).flatMap(HttpDate::read);
  }
}
