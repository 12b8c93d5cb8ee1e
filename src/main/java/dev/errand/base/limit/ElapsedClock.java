package dev.errand.base.limit;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of time limits: it goes on evenly when the machine's clock is wrong, or is set. Its
 * times are of no known date, so they are compared with each other only, and within this process.
 */
@ElapsedTime
@Singleton
public class ElapsedClock extends Clock {
  public static Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime());
  }

  @Override
  public Instant instant() {
    return now();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
