package dev.errand.base.database;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** The database's clock: two machines whose own clocks differ agree by it on what is due. */
@DatabaseTime
@Singleton
class DatabaseClock extends Clock {
  private final DataSource database;
  private final ZoneId zone;

  @Inject
  DatabaseClock(DataSource database) {
    this(database, ZoneOffset.UTC);
  }

  private DatabaseClock(DataSource database, ZoneId zone) {
    this.database = database;
    this.zone = zone;
  }

  @Override
  public Instant instant() {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement("SELECT clock_timestamp()");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    } catch (SQLException e) {
      throw new IllegalStateException("The database did not tell its time.", e);
    }
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new DatabaseClock(database, other);
  }
}
