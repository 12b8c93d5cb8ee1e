package dev.errand.models.wire;

import dev.errand.models.port.Pace.RateLimits;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the header fields of an answer say of the rate that its server allows. A limit may be
 * one of a minute or of a day, so only how fast it is given back counts.
 */
final class RateHeaders {
  // The rest of a limit of which no more is said while more than this part of it is left.
  private static final double LITTLE = 0.1;
  private static final double NANOS = 1e9;
  private static final Duration LONGEST_RESET = Duration.ofDays(1);

  // As in 1h2m59.56s and in 17ms.
  private static final Pattern LENGTH =
      Pattern.compile(
          "(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s))?");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

  private static final int LONGEST_NUMBER = 15;

  private RateHeaders() {}

  /** One limit: how much of it is left, and the time in which all that is used is given back. */
  private record Window(long limit, long remaining, Duration reset) {
    /** The seconds in which one is given back. */
    double each() {
      return reset.toNanos() / NANOS / Math.max(1, limit - remaining);
    }
  }

  /**
   * The limits of which little is left.
   *
   * @param isRefused whether the server has refused the request, so that all limits count
   * @return null where there is no such limit
   */
  static @Nullable RateLimits in(
      MultiMap headers,
      RateFields ofRequests,
      RateFields ofTokens,
      boolean isRefused,
      Instant now) {
    Window requests = window(headers, ofRequests, isRefused, now);
    Window tokens = window(headers, ofTokens, isRefused, now);
    return requests == null && tokens == null ? null : limits(requests, tokens);
  }

  private static RateLimits limits(@Nullable Window requests, @Nullable Window tokens) {
    Duration until = Duration.ZERO;
    Duration each = null;
    Double token = null;
    Duration next = null;
    if (requests != null) {
      each = Duration.ofNanos((long) (requests.each() * NANOS));
      until = requests.reset;
      next = requests.remaining == 0 ? each : null;
    }
    if (tokens != null) {
      token = tokens.each();
      until = until.compareTo(tokens.reset) < 0 ? tokens.reset : until;
      if (tokens.remaining == 0 && next == null) {
        // How many tokens the next request has is not known here.
        next = tokens.reset.dividedBy(10);
      }
    }
    return new RateLimits(each, token, next, until);
  }

  // Most answers are read no further than their first two fields.
  private static @Nullable Window window(
      MultiMap headers, RateFields fields, boolean isRefused, Instant now) {
    long limit = number(headers.get(fields.limit()));
    long remaining = number(headers.get(fields.remaining()));
    if (limit <= 0
        || remaining < 0
        || remaining > limit
        || (!isRefused && remaining >= LITTLE * limit)) {
      return null;
    }
    // What is given back at once does not limit.
    return length(headers.get(fields.reset()), now)
        .filter(Duration::isPositive)
        .map(reset -> reset.compareTo(LONGEST_RESET) > 0 ? LONGEST_RESET : reset)
        .map(reset -> new Window(limit, remaining, reset))
        .orElse(null);
  }

  private static long number(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST_NUMBER) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(text);
  }

  /** The time until a reset, which is a length, a number of seconds, or a moment. */
  private static Optional<Duration> length(@Nullable String text, Instant now) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofNanos((long) (Double.parseDouble(text) * NANOS)));
    }
    Matcher parts = LENGTH.matcher(text);
    if (parts.matches()) {
      Duration all =
          Duration.ofDays(part(parts.group(1)))
              .plusHours(part(parts.group(2)))
              .plusMinutes(part(parts.group(3)));
      if (parts.group(4) != null) {
        double unit = parts.group(5).equals("ms") ? NANOS / 1000 : NANOS;
        all = all.plusNanos((long) (Double.parseDouble(parts.group(4)) * unit));
      }
      return Optional.of(all);
    }
    try {
      return Optional.of(Duration.between(now, Instant.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static long part(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
