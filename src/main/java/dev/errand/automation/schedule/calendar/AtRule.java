package dev.errand.automation.schedule.calendar;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A single time.
 *
 * @param zone the time zone in which {@link #words} formats it
 */
public record AtRule(Instant at, ZoneId zone) implements ScheduleRule {

  @Override
  public Optional<Instant> next(Instant after) {
    return at.isAfter(after) ? Optional.of(at) : Optional.empty();
  }

  @Override
  public long mostOnADay() {
    return 1;
  }

  @Override
  public String words() {
    return "Once, at " + EnglishFormat.time(at, zone) + ", in " + zone;
  }
}
