package dev.errand.base.database;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/** How far this process's clock is from the database's, of which the log tells once a change. */
@Singleton
class ClockDifference {
  private static final Logger LOG = Logger.getLogger(ClockDifference.class);
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final String AGREE = "This process's clock agrees with the database's again.";

  private Duration told = Duration.ZERO;

  /**
   * Notes a time of the database's clock.
   *
   * @param before the time of this process before it was read
   * @param after and afterwards; the answer may have taken long
   */
  void note(Instant database, Instant before, Instant after) {
    news(database, before, after).ifPresent(LOG::warn);
  }

  /** What the log tells of it; empty where the difference is small, or was told. */
  synchronized Optional<String> news(Instant database, Instant before, Instant after) {
    boolean isAhead = before.isAfter(database);
    Instant here = isAhead ? before : after.isBefore(database) ? after : database;
    Duration difference = Duration.between(database, here);
    boolean agreesAgain = !told.isZero() && difference.abs().compareTo(MOST.dividedBy(2)) < 0;
    if (!agreesAgain && difference.minus(told).abs().compareTo(MOST) <= 0) {
      return Optional.empty();
    }
    boolean agree = difference.abs().compareTo(MOST) <= 0;
    told = agree ? Duration.ZERO : difference;
    return Optional.of(
        agree
            ? AGREE
            : ("This process's clock says %s, which is %s %s the database's clock, %s. What is due"
                    + " and how long a run may take go by the database's, the times of log lines"
                    + " and of a run's entries by this process's: set the clock that is wrong, and"
                    + " have both machines follow a time server (NTP).")
                .formatted(
                    here.truncatedTo(ChronoUnit.SECONDS),
                    difference.abs().truncatedTo(ChronoUnit.SECONDS),
                    isAhead ? "ahead of" : "behind",
                    database.truncatedTo(ChronoUnit.SECONDS)));
  }
}
