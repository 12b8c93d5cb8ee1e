package dev.errand.automation.schedule;

import dev.errand.base.database.DatabaseTime;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of a test, which stands where the test puts it. */
@Alternative
@DatabaseTime
@Singleton
public class TestTime extends Clock {
  private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");

  public void set(String time) {
    now = Instant.parse(time);
  }

  public void set(Instant time) {
    now = time;
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
