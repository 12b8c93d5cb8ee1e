package dev.errand.automation.trigger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A rate limit of refused deliveries per sender, in the memory of this process. Beyond the limit, a
 * refused delivery is answered with 429 and not recorded. Signed deliveries are still accepted,
 * since several senders may share an address.
 */
@ApplicationScoped
class SenderRates {
  /** How many refusals of a sender are recorded per minute. */
  static final int MOST = 30;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_SENDERS = 10_000;

  private final Clock clock;
  private final Map<String, Refusals> bySender = new HashMap<>();

  SenderRates(Clock clock) {
    this.clock = clock;
  }

  /**
   * Counts a refusal.
   *
   * @return how long the sender must wait; empty while it is within the limit
   */
  synchronized Optional<Duration> count(String sender) {
    Instant now = clock.instant();
    if (bySender.size() >= MOST_SENDERS) {
      bySender.values().removeIf(refusals -> !now.isBefore(refusals.end()));
    }
    if (bySender.size() >= MOST_SENDERS) {
      bySender.clear();
    }
    Refusals refusals =
        bySender.compute(
            sender,
            (_, known) ->
                known == null || !now.isBefore(known.end())
                    ? new Refusals(1, now.plus(WINDOW))
                    : new Refusals(known.count() + 1, known.end()));
    return refusals.count() <= MOST
        ? Optional.empty()
        : Optional.of(Duration.between(now, refusals.end()));
  }

  /** How often a sender was refused, and when the count restarts. */
  private record Refusals(int count, Instant end) {}
}
