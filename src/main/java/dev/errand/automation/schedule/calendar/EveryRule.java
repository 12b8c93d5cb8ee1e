package dev.errand.automation.schedule.calendar;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Times at a fixed interval of elapsed time.
 *
 * @param every the interval, a whole number of seconds, 1 or more
 * @param anchor the first of the times
 * @param zone the time zone in which {@link #words} formats it
 */
public record EveryRule(Duration every, Instant anchor, ZoneId zone) implements ScheduleRule {

  public EveryRule {
    if (every.toSeconds() < 1) {
      throw new IllegalArgumentException("every " + every);
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    if (after.isBefore(anchor)) {
      return Optional.of(anchor);
    }
    long step = every.toSeconds();
    long gone = Duration.between(anchor, after).toSeconds() / step;
    return Optional.of(anchor.plusSeconds(Math.multiplyExact(gone + 1, step)));
  }

  @Override
  public long mostOnADay() {
    return Math.ceilDiv(Duration.ofDays(1).toSeconds(), every.toSeconds());
  }

  @Override
  public boolean isOftenerThanEachMinute() {
    return every.compareTo(Duration.ofMinutes(1)) < 0;
  }

  @Override
  public String words() {
    return "Every %s, counted from %s in %s"
        .formatted(EnglishFormat.each(every), EnglishFormat.time(anchor, zone), zone);
  }
}
