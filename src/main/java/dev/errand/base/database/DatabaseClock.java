package dev.errand.base.database;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of the database, by which machines with different clocks agree on what is due. It ticks
 * in milliseconds, so that an answer equals a later read; it is up to one behind {@code now()} in a
 * statement. In loop mode it is read each second, so that a difference is noticed at the start.
 */
@DatabaseTime
@Singleton
class DatabaseClock extends Clock {
  private final Sql sql;
  private final Clock own;
  private final ClockDifference difference;
  private final ZoneId zone;

  @Inject
  DatabaseClock(Sql sql, Clock own, ClockDifference difference) {
    this(sql, own, difference, ZoneOffset.UTC);
  }

  private DatabaseClock(Sql sql, Clock own, ClockDifference difference, ZoneId zone) {
    this.sql = sql;
    this.own = own;
    this.difference = difference;
    this.zone = zone;
  }

  @Override
  public Instant instant() {
    Instant before = own.instant();
    Instant now =
        sql.statement("SELECT date_trunc('milliseconds', clock_timestamp()) AS now")
            .one(row -> row.time("now"));
    difference.note(now, before, own.instant());
    return now;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new DatabaseClock(sql, own, difference, other);
  }
}
