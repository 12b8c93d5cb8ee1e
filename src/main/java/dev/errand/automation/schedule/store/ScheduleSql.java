package dev.errand.automation.schedule.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How statements about schedules meet JDBC; within a transaction they are part of it. */
final class ScheduleSql {
  private ScheduleSql() {}

  /** Puts values into a statement. */
  @FunctionalInterface
  interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** Puts the values of one of many items into a statement. */
  @FunctionalInterface
  interface ItemBinder<T> {
    void bind(PreparedStatement statement, T item) throws SQLException;
  }

  /** Reads one row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static <T> List<T> query(DataSource database, String sql, Binder values, Reader<T> reader) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      values.bind(statement);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> all = new ArrayList<>();
        while (rows.next()) {
          all.add(reader.read(rows));
        }
        return all;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a question about schedules.", e);
    }
  }

  /** The same statement for each item, in few round trips. */
  static <T> void batch(
      DataSource database, String sql, Collection<T> items, ItemBinder<T> values) {
    if (items.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (T item : items) {
        values.bind(statement, item);
        statement.addBatch();
      }
      var _ = statement.executeBatch();
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a change of a schedule.", e);
    }
  }

  static Instant present(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(instant(row, column));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static @Nullable OffsetDateTime time(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
