package dev.errand.base.limit;

import dev.errand.base.json.WellFormed;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Token buckets by key, in this process: a key may be used so often per minute, all at once or
 * spread over it. When there are too many keys, the one that would be full again first is
 * forgotten, so that nobody gets rid of a used bucket by using many others.
 */
public final class RateBuckets {
  private static final double MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final int EVICTED = 1_000;

  /** How many keys there is room for. */
  static final int MOST = 10_000;

  private static final int LONGEST_KEY = 128;

  private final Clock clock;
  private final Map<String, Bucket> buckets = new HashMap<>();

  public RateBuckets(Clock clock) {
    this.clock = clock;
  }

  /**
   * The result of a use.
   *
   * @param granted whether it was counted; if not, nothing was
   * @param pause the time until the next use is granted; zero where one is left
   */
  public record Use(boolean granted, long left, Duration pause, Duration full) {}

  /** What is left at a time, in uses. */
  private record Bucket(double left, long at, int perMinute) {
    Bucket now(long now) {
      double more = Math.max(0, now - at) * perMinute / MINUTE_MILLIS;
      return new Bucket(Math.min(perMinute, left + more), now, perMinute);
    }

    double fullAt() {
      return at + (perMinute - left) * MINUTE_MILLIS / perMinute;
    }

    Use use(boolean granted) {
      return new Use(granted, (long) left, until(1), until(perMinute));
    }

    private Duration until(double wanted) {
      return Duration.ofMillis(
          (long) Math.ceil(Math.max(0, wanted - left) * MINUTE_MILLIS / perMinute));
    }
  }

  /** Uses a key once, if its rate allows it. */
  public synchronized Use use(String key, int perMinute) {
    long now = clock.millis();
    String name = WellFormed.beginning(key, LONGEST_KEY);
    Bucket known = buckets.get(name);
    if (known == null) {
      tidy(now);
    }
    Bucket bucket = known == null ? new Bucket(perMinute, now, perMinute) : known.now(now);
    if (bucket.left < 1) {
      return bucket.use(false);
    }
    Bucket used = new Bucket(bucket.left - 1, now, perMinute);
    buckets.put(name, used);
    return used.use(true);
  }

  synchronized int size() {
    return buckets.size();
  }

  // Many at once, since it takes time to find them.
  private void tidy(long now) {
    if (buckets.size() < MOST) {
      return;
    }
    buckets.values().removeIf(bucket -> bucket.fullAt() <= now);
    if (buckets.size() > MOST - EVICTED) {
      buckets.entrySet().stream()
          .sorted(Comparator.comparingDouble(entry -> entry.getValue().fullAt()))
          .limit(EVICTED)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(buckets::remove);
    }
  }
}
