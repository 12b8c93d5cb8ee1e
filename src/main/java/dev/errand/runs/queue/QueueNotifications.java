package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Notifications between the processes on the same database, by {@code NOTIFY} and {@code LISTEN}. A
 * lost notification only delays work until the next poll.
 */
@ApplicationScoped
public class QueueNotifications {
  private static final String CHANNEL = "errand_run";
  private static final String SILENT = "08006";
  private static final int LISTEN_MS = 1000;
  private static final int LOOKS_BETWEEN_SIGNS_OF_LIFE = 5;
  private static final int SIGN_OF_LIFE_SECONDS = 5;

  private final Sql sql;
  // Listening needs its own connection, and the driver's interface to it.
  private final DataSource database;

  QueueNotifications(Sql sql, DataSource database) {
    this.sql = sql;
    this.database = database;
  }

  /** A kind of notification; its name is the payload. */
  public enum News {
    /** There is a run to claim. */
    ENQUEUED,
    /** A run was ended by something other than its worker. */
    STOPPED,
    /** A budget was created, changed or deleted. */
    BUDGETS,
    /** The rate that a provider gives was changed. */
    RATES,
    /** A server refused requests, or nearly does: all keep to what it allows. */
    PAUSES
  }

  /**
   * Notifies all processes, including this one. Call it after the commit that it announces: inside
   * the transaction, {@code NOTIFY} would make all commits wait for one lock.
   */
  public void publish(News news) {
    sql.statement(RunStatements.NOTIFY).with("channel", CHANNEL).with("news", news.name()).run();
  }

  /**
   * Listens on its own connection until {@code goOn} returns false, or until the connection breaks
   * or becomes silent.
   *
   * @param listener receives each notification of any process
   * @param goOn whether to continue; called about once a second
   */
  public void listen(Consumer<News> listener, BooleanSupplier goOn) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + CHANNEL);
      PGConnection notified = connection.unwrap(PGConnection.class);
      // Notifications before LISTEN were missed: assume one of each kind.
      Stream.of(News.values()).forEach(listener);
      for (int looks = 1; goOn.getAsBoolean(); looks++) {
        for (PGNotification received : notified.getNotifications(LISTEN_MS)) {
          // A process of another version may send a kind that this one does not know.
          Arrays.stream(News.values())
              .filter(news -> news.name().equals(received.getParameter()))
              .forEach(listener);
        }
        // A connection whose other end is gone is silent, too.
        if (looks % LOOKS_BETWEEN_SIGNS_OF_LIFE == 0 && !connection.isValid(SIGN_OF_LIFE_SECONDS)) {
          throw new SQLException("The database has become silent.", SILENT);
        }
      }
      listen.execute("UNLISTEN " + CHANNEL);
    }
  }
}
