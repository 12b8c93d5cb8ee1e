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
 * statement.
 */
@DatabaseTime
@Singleton
class DatabaseClock extends Clock {
  private final Sql sql;
  private final ZoneId zone;

  @Inject
  DatabaseClock(Sql sql) {
    this(sql, ZoneOffset.UTC);
  }

  private DatabaseClock(Sql sql, ZoneId zone) {
    this.sql = sql;
    this.zone = zone;
  }

  @Override
  public Instant instant() {
    return sql.statement("SELECT date_trunc('milliseconds', clock_timestamp()) AS now")
        .one(row -> row.time("now"));
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new DatabaseClock(sql, other);
  }
}
