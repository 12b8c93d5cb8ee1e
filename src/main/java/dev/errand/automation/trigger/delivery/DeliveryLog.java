package dev.errand.automation.trigger.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Keeps the last deliveries of each trigger, and counts against its rate. */
@ApplicationScoped
class DeliveryLog {
  /** How many deliveries of a trigger are kept, and as many that were refused. */
  static final int KEPT = 50;

  // A row that another process is about to remove as well is left to it.
  private static final String ADD =
      """
      WITH old AS (
        DELETE FROM trigger_delivery WHERE id IN (
          SELECT id FROM trigger_delivery WHERE trigger_id = ? AND (verdict = 'refused') = ?
          ORDER BY id DESC OFFSET ? FOR UPDATE SKIP LOCKED))
      INSERT INTO trigger_delivery (trigger_id, sender, verdict, code, message, run_name, content_type,
        body_bytes, content_sealed, replay_of)
      SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM task_trigger WHERE id = ?
      """;

  private static final String NEWEST =
      "SELECT * FROM trigger_delivery WHERE trigger_id = ? ORDER BY id DESC LIMIT 100";

  private static final String ONE =
      "SELECT * FROM trigger_delivery WHERE trigger_id = ? AND id = ?";

  // Each delivery takes its share of a minute; a minute's worth may come at once.
  private static final String ADMIT =
      """
      UPDATE task_trigger SET used_until = greatest(used_until, now())
        + interval '1 minute' / rate_per_minute
      WHERE id = ? AND used_until <= now() + interval '1 minute'
        - interval '1 minute' / rate_per_minute
      """;

  private static final String WAIT =
      """
      SELECT ceil(extract(epoch FROM used_until - now() - interval '1 minute'
        + interval '1 minute' / rate_per_minute))::int
      FROM task_trigger WHERE id = ?
      """;

  private final DataSource database;

  DeliveryLog(DataSource database) {
    this.database = database;
  }

  /**
   * Counts a delivery against the trigger's rate, that of all processes together.
   *
   * @return how long to wait before the next one would be taken; nothing when this one is
   */
  Optional<Duration> admit(UUID triggerId) {
    return with(
        connection -> {
          try (PreparedStatement admit = connection.prepareStatement(ADMIT)) {
            admit.setObject(1, triggerId);
            if (admit.executeUpdate() == 1) {
              return Optional.empty();
            }
          }
          try (PreparedStatement wait = connection.prepareStatement(WAIT)) {
            wait.setObject(1, triggerId);
            try (ResultSet row = wait.executeQuery()) {
              // Gone meanwhile, it has no rate any more.
              int seconds = row.next() ? row.getInt(1) : 1;
              return Optional.of(Duration.ofSeconds(Math.max(1, seconds)));
            }
          }
        });
  }

  /** Adds a delivery, whose id and time the database gives, and lets the oldest go. */
  void add(UUID triggerId, TriggerDelivery delivery) {
    with(
        connection -> {
          try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setObject(1, triggerId);
            add.setBoolean(2, delivery.verdict() == TriggerDelivery.Verdict.REFUSED);
            add.setInt(3, KEPT - 1);
            add.setString(4, delivery.sender());
            add.setString(5, delivery.verdict().code());
            add.setString(6, delivery.code());
            add.setString(7, delivery.message());
            add.setString(8, delivery.runName());
            add.setString(9, delivery.contentType());
            add.setInt(10, delivery.bodyBytes());
            add.setBytes(11, delivery.sealed());
            add.setObject(12, delivery.replayOf(), java.sql.Types.BIGINT);
            add.setObject(13, triggerId);
            return add.executeUpdate();
          }
        });
  }

  /** The trigger's deliveries, newest first. */
  List<TriggerDelivery> newest(UUID triggerId) {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
            select.setObject(1, triggerId);
            try (ResultSet rows = select.executeQuery()) {
              List<TriggerDelivery> all = new ArrayList<>();
              while (rows.next()) {
                all.add(delivery(rows));
              }
              return all;
            }
          }
        });
  }

  /** One delivery of the trigger. */
  Optional<TriggerDelivery> find(UUID triggerId, long id) {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ONE)) {
            select.setObject(1, triggerId);
            select.setLong(2, id);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(delivery(row)) : Optional.empty();
            }
          }
        });
  }

  private static TriggerDelivery delivery(ResultSet row) throws SQLException {
    Timestamp received = row.getTimestamp("received_at");
    return new TriggerDelivery(
        row.getLong("id"),
        received.toInstant(),
        row.getString("sender"),
        TriggerDelivery.Verdict.of(row.getString("verdict")),
        row.getString("code"),
        row.getString("message"),
        row.getString("run_name"),
        row.getString("content_type"),
        row.getInt("body_bytes"),
        row.getBytes("content_sealed"),
        (Long) row.getObject("replay_of"));
  }

  private <T> T with(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("The database refused a statement about deliveries.", e);
    }
  }

  /** Work on a connection. */
  @FunctionalInterface
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
