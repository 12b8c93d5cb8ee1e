package dev.errand.automation.callback;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What is to be told, and what was. The ends of runs put it there; time is the database's. */
@ApplicationScoped
class CallbackQueue {
  private static final int MOST_OF_ONE = 4;
  private static final int SHOWN = 100;

  private final DataSource database;

  CallbackQueue(DataSource database) {
    this.database = database;
  }

  /** Where a delivery stands after an attempt. */
  enum State {
    PENDING,
    DELIVERED,
    FAILED
  }

  /**
   * Takes what is due, to be told here.
   *
   * @param most how much at most
   * @param lease how long nobody else may
   */
  List<Due> claim(int most, Duration lease) {
    return query(CallbackStatements.CLAIM, CallbackQueue::due, MOST_OF_ONE, most, lease.toMillis());
  }

  /**
   * Writes down how an attempt ended, unless another one has begun meanwhile.
   *
   * @param wait how long until the next one
   */
  void record(Due due, Attempt attempt, State state, Duration wait) {
    String code = state.name().toLowerCase(java.util.Locale.ROOT);
    update(
        CallbackStatements.RECORD,
        code,
        wait.toMillis(),
        code,
        due.deliveryId(),
        due.attempt(),
        attempt.status(),
        attempt.error(),
        attempt.took().toMillis());
  }

  /** Leaves something to be told elsewhere. */
  void release(Due due) {
    update(CallbackStatements.RELEASE, due.deliveryId(), due.attempt());
  }

  /** Tells a callback nothing any more, not even what it was still to be told. */
  void switchOff(UUID callbackId) {
    update(CallbackStatements.SWITCH_OFF, callbackId, callbackId);
  }

  /** Tells a callback again what happens from now on. */
  void switchOn(UUID callbackId) {
    update(CallbackStatements.SWITCH_ON, callbackId);
  }

  /** Lets something be told once more, now; what is being told at this moment is left alone. */
  void again(UUID callbackId, UUID deliveryId) {
    update(CallbackStatements.AGAIN, deliveryId, callbackId);
  }

  /** The last that a callback was told or is to be, newest first, with every attempt. */
  List<CallbackDelivery> newest(UUID callbackId) {
    List<CallbackDelivery> deliveries =
        query(CallbackStatements.NEWEST, CallbackQueue::delivery, callbackId, SHOWN);
    Map<UUID, List<CallbackDelivery.Made>> attempts = new LinkedHashMap<>();
    query(
            CallbackStatements.ATTEMPTS,
            row -> Map.entry(row.getObject("delivery_id", UUID.class), made(row)),
            (Object) deliveries.stream().map(CallbackDelivery::id).toArray(UUID[]::new))
        .forEach(
            entry ->
                attempts
                    .computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                    .add(entry.getValue()));
    return deliveries.stream()
        .map(delivery -> delivery.with(attempts.getOrDefault(delivery.id(), List.of())))
        .toList();
  }

  /** How deep the run stands that a delivery tells of; empty when there is no such delivery. */
  OptionalInt depthOf(UUID deliveryId) {
    return query(CallbackStatements.DEPTH, row -> row.getInt("depth"), deliveryId).stream()
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  /** Forgets what has been told for a week, and the callbacks of deleted tasks. */
  void forget() {
    update(CallbackStatements.FORGET);
    update(CallbackStatements.FORGET_DELETED);
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getObject("id", UUID.class),
        row.getInt("attempt"),
        row.getInt("tries"),
        row.getString("event"),
        row.getTimestamp("happened_at").toInstant(),
        row.getObject("callback_id", UUID.class),
        row.getString("url"),
        row.getBytes("secrets_sealed"),
        row.getString("base_url"),
        row.getString("username"),
        row.getString("profile"),
        row.getString("task"),
        row.getString("run"),
        row.getString("traceparent"));
  }

  private static CallbackDelivery delivery(ResultSet row) throws SQLException {
    boolean isPending = "pending".equals(row.getString("state"));
    return new CallbackDelivery(
        row.getObject("id", UUID.class),
        row.getString("event"),
        row.getString("run"),
        row.getString("state"),
        row.getTimestamp("happened_at").toInstant(),
        isPending ? row.getTimestamp("due_at").toInstant() : null,
        List.of());
  }

  private static CallbackDelivery.Made made(ResultSet row) throws SQLException {
    return new CallbackDelivery.Made(
        row.getInt("number"),
        row.getTimestamp("at").toInstant(),
        (Integer) row.getObject("status"),
        row.getString("error"),
        row.getInt("took_ms"));
  }

  private <T> List<T> query(String sql, Reader<T> reader, @Nullable Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = bound(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private void update(String sql, @Nullable Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = bound(connection, sql, values)) {
      statement.executeUpdate();
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static IllegalStateException refused(SQLException e) {
    return new IllegalStateException(
        "The database refused a statement about callbacks: " + e.getMessage(), e);
  }

  private static PreparedStatement bound(
      Connection connection, String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case UUID[] ids -> statement.setArray(i + 1, connection.createArrayOf("uuid", ids));
        case null -> statement.setNull(i + 1, Types.NULL);
        default -> statement.setObject(i + 1, values[i]);
      }
    }
    return statement;
  }

  /** Reads one row. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
