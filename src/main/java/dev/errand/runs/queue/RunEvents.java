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
 * Tells the processes on the same database what there is to do, and hears it from them, by {@code
 * NOTIFY} and {@code LISTEN}. What gets lost costs time until the next poll, nothing else.
 */
@ApplicationScoped
public class RunEvents {
  private static final String CHANNEL = "errand_run";
  private static final String SILENT = "08006";
  private static final int LISTEN_MS = 1000;
  private static final int LOOKS_BETWEEN_SIGNS_OF_LIFE = 5;
  private static final int SIGN_OF_LIFE_SECONDS = 5;

  private final Sql sql;
  // Who listens needs a connection of its own, and to ask it for what it heard.
  private final DataSource database;

  RunEvents(Sql sql, DataSource database) {
    this.sql = sql;
    this.database = database;
  }

  /** What is told; its name is what is sent. */
  public enum News {
    /** There is a run to claim. */
    ENQUEUED,
    /** A run was ended by another than its worker. */
    STOPPED
  }

  /**
   * Tells all, this process too. It is a statement of its own, after the commit that it tells of:
   * inside, it would make all commits wait for one lock.
   */
  public void tell(News news) {
    sql.statement(RunStatements.NOTIFY).with("channel", CHANNEL).with("news", news.name()).run();
  }

  /**
   * Listens on a connection of its own until told to stop, or until the connection breaks or goes
   * silent.
   *
   * @param heard is given what any process tells
   * @param goOn is asked about once a second
   */
  public void listen(Consumer<News> heard, BooleanSupplier goOn) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + CHANNEL);
      PGConnection notified = connection.unwrap(PGConnection.class);
      // What was told before the ear was open is found now.
      Stream.of(News.values()).forEach(heard);
      for (int looks = 1; goOn.getAsBoolean(); looks++) {
        for (PGNotification told : notified.getNotifications(LISTEN_MS)) {
          // Another version may tell what is not known here.
          Arrays.stream(News.values())
              .filter(news -> news.name().equals(told.getParameter()))
              .forEach(heard);
        }
        // Nothing to hear is also what a connection tells whose other end is gone.
        if (looks % LOOKS_BETWEEN_SIGNS_OF_LIFE == 0 && !connection.isValid(SIGN_OF_LIFE_SECONDS)) {
          throw new SQLException("The database went silent.", SILENT);
        }
      }
      listen.execute("UNLISTEN " + CHANNEL);
    }
  }
}
