package dev.errand.identity.signin;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits how often passwords are tried: a token bucket for each account and one for each network
 * address, in this process.
 */
@ApplicationScoped
public class AttemptLimits {
  private static final double MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final int MOST_BUCKETS = 10_000;
  private static final int LONGEST_KEY = 64;

  private final Clock clock;
  private final SignInConfig config;
  private final Map<String, Bucket> buckets = new HashMap<>();

  AttemptLimits(Clock clock, SignInConfig config) {
    this.clock = clock;
    this.config = config;
  }

  /** What is left at a time, in attempts. */
  private record Bucket(double left, long at, int perMinute) {
    Bucket now(long now) {
      double more = Math.max(0, now - at) * perMinute / MINUTE_MILLIS;
      return new Bucket(Math.min(perMinute, left + more), now, perMinute);
    }

    boolean isFull(long now) {
      return now(now).left >= perMinute;
    }
  }

  /**
   * Counts an attempt.
   *
   * @param account the name that was given, which need not be a user's
   * @param address where the attempt comes from
   * @throws ApiException {@link ErrorCode#RATE_LIMITED}, with the time to wait
   */
  public synchronized void count(String account, String address) {
    long now = clock.millis();
    tidy(now);
    String name = account.length() > LONGEST_KEY ? account.substring(0, LONGEST_KEY) : account;
    take("address " + address, config.perAddress(), now);
    take("account " + name, config.perAccount(), now);
  }

  private void take(String key, int perMinute, long now) {
    Bucket bucket = buckets.getOrDefault(key, new Bucket(perMinute, now, perMinute)).now(now);
    if (bucket.left < 1) {
      long wait = (long) Math.ceil((1 - bucket.left) * MINUTE_MILLIS / perMinute / 1000);
      throw ApiException.retryLater(
          ErrorCode.RATE_LIMITED,
          "Too many passwords were tried. Retry in " + Math.max(1, wait) + " s.",
          Duration.ofSeconds(Math.max(1, wait)));
    }
    buckets.put(key, new Bucket(bucket.left - 1, now, perMinute));
  }

  private void tidy(long now) {
    if (buckets.size() >= MOST_BUCKETS) {
      buckets.values().removeIf(bucket -> bucket.isFull(now));
    }
    if (buckets.size() >= MOST_BUCKETS) {
      buckets.clear();
    }
  }
}
