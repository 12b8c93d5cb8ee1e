package dev.errand.runs.queue;

import dev.errand.base.database.Outage;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.queue.record.RunStatus;
import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How statements about runs meet JDBC. */
public final class RunSql {
  private RunSql() {}

  /** Work on a connection. */
  @FunctionalInterface
  public interface Connected<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Puts values into a statement. */
  @FunctionalInterface
  interface Binder {
    void bind(Connection connection, PreparedStatement statement) throws SQLException;
  }

  public static <T> T with(DataSource database, Connected<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      if (Outage.isBehind(e) && database instanceof AgroalDataSource pool) {
        // What else lies idle in the pool is from the same time, and most likely broken as well.
        pool.flush(AgroalDataSource.FlushMode.IDLE);
      }
      throw new IllegalStateException("The database refused a statement about runs.", e);
    }
  }

  /**
   * Does work in a transaction of its own, if no other process does work of that kind. A process
   * that stands still in the midst of it for 15 s loses its turn.
   *
   * @param turn a name for the kind of work
   * @param otherwise what comes of it when another one does
   */
  public static <T> T inTurn(DataSource database, String turn, Connected<T> work, T otherwise) {
    return with(
        database,
        connection -> {
          connection.setAutoCommit(false);
          try {
            T result = isMyTurn(connection, turn) ? work.on(connection) : otherwise;
            connection.commit();
            return result;
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  private static boolean isMyTurn(Connection connection, String turn) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "SELECT pg_try_advisory_xact_lock(hashtext(?)),"
                + " set_config('idle_in_transaction_session_timeout', '15s', true)")) {
      lock.setString(1, turn);
      try (ResultSet row = lock.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  static List<Long> ids(PreparedStatement statement) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  static List<Claim> claims(PreparedStatement statement) throws SQLException {
    List<Claim> claims = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        claims.add(claim(rows));
      }
    }
    return claims;
  }

  private static Claim claim(ResultSet row) throws SQLException {
    return new Claim(
        row.getLong("id"),
        row.getInt("attempt"),
        row.getObject("task_id", UUID.class),
        row.getObject("profile_id", UUID.class),
        row.getString("name"),
        row.getString("task"),
        row.getString("profile"),
        row.getString("assignment"),
        row.getString("servlets"),
        row.getInt("entry_count"),
        row.getString("usage"),
        row.getTimestamp("started_at").toInstant(),
        row.getString("traceparent"));
  }

  public static Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getLong("id"),
        row.getObject("task_id", UUID.class),
        row.getString("name"),
        RunStatus.of(row.getString("status")),
        row.getString("parameters"),
        row.getString("output"),
        row.getString("finish_reason"),
        row.getString("error_code"),
        row.getString("error_message"),
        row.getString("trigger"),
        row.getInt("attempt"),
        row.getInt("depth"),
        row.getString("usage"),
        row.getInt("entry_count"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("modified_at").toInstant(),
        instant(row.getTimestamp("scheduled_at")),
        instant(row.getTimestamp("meant_for")),
        instant(row.getTimestamp("started_at")),
        instant(row.getTimestamp("finished_at")));
  }

  /** A time as the database takes it. */
  static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
