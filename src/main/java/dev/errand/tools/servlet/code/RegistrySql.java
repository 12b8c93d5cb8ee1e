package dev.errand.tools.servlet.code;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How statements about servlets meet JDBC; within a transaction they are part of it. */
public final class RegistrySql {
  private RegistrySql() {}

  /** Reads one row. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  public static <T> List<T> query(
      DataSource database, String sql, Reader<T> reader, @Nullable Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = bound(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a question about servlets.", e);
    }
  }

  public static int update(DataSource database, String sql, @Nullable Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = bound(connection, sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a change of a servlet.", e);
    }
  }

  public static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }

  private static PreparedStatement bound(
      Connection connection, String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Instant time -> statement.setTimestamp(i + 1, Timestamp.from(time));
        case List<?> texts ->
            statement.setArray(i + 1, connection.createArrayOf("text", texts.toArray()));
        case ContentAddress address -> statement.setString(i + 1, address.hex());
        case null -> statement.setTimestamp(i + 1, null);
        default -> statement.setObject(i + 1, values[i]);
      }
    }
    return statement;
  }
}
