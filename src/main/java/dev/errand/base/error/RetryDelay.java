package dev.errand.base.error;

import java.time.Duration;
import java.util.Map;

/**
 * The time after which a refused request is accepted, as {@code Retry-After} gives it (RFC 9110,
 * section 10.2.3): in whole seconds, rounded up, so that a client that waits as long is not refused
 * again.
 */
public final class RetryDelay {
  private static final Duration ALMOST_A_SECOND = Duration.ofSeconds(1).minusNanos(1);

  private RetryDelay() {}

  /** The wait in whole seconds, rounded up; at least 1. */
  public static long seconds(Duration wait) {
    return Math.max(1, wait.plus(ALMOST_A_SECOND).toSeconds());
  }

  public static Map<String, String> header(Duration wait) {
    return Map.of("Retry-After", Long.toString(seconds(wait)));
  }
}
