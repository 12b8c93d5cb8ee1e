package dev.errand.automation.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The waits between attempts of a delivery, which grow over about a day. */
final class RetryWaits {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4),
          Duration.ofHours(8),
          Duration.ofHours(8));
  private static final Duration LONGEST = Duration.ofDays(1);

  private RetryWaits() {}

  /**
   * How long to wait after an attempt that failed.
   *
   * @param failures how many have failed by now, 1 or more
   * @param chance between 0 and 1: changes the wait by up to a fifth, so that deliveries that
   *     failed together are not retried together
   * @param asked how long the receiver asks to wait; at most a day is accepted
   * @return empty when there are no further attempts
   */
  static Optional<Duration> next(int failures, double chance, Duration asked) {
    if (failures > WAITS.size()) {
      return Optional.empty();
    }
    long wait = WAITS.get(failures - 1).toMillis();
    Duration spread = Duration.ofMillis(Math.round(wait * (0.8 + 0.4 * chance)));
    Duration held = asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    return Optional.of(held.compareTo(spread) > 0 ? held : spread);
  }
}
