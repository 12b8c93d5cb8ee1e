package dev.errand.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Tells other processes on the same database that there is a run to claim, and hears it from them,
 * by {@code NOTIFY} and {@code LISTEN}. What gets lost costs time until the next poll, nothing
 * else.
 */
@ApplicationScoped
public class RunEvents {
  private static final String CHANNEL = "errand_run";
  private static final int LISTEN_MS = 1000;

  private final DataSource database;

  RunEvents(DataSource database) {
    this.database = database;
  }

  /**
   * Tells the others. It is a statement of its own, after the commit that it tells of: inside, it
   * would make all commits wait for one lock.
   */
  public void tell() {
    RunSql.with(
        database,
        connection -> {
          try (Statement notify = connection.createStatement()) {
            return notify.execute("NOTIFY " + CHANNEL);
          }
        });
  }

  /**
   * Listens on a connection of its own until told to stop, or until the connection breaks.
   *
   * @param heard is run when another process, or this one, has told
   * @param goOn is asked about once a second
   */
  public void listen(Runnable heard, BooleanSupplier goOn) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + CHANNEL);
      PGConnection notified = connection.unwrap(PGConnection.class);
      // What was told before the ear was open is found now.
      heard.run();
      while (goOn.getAsBoolean()) {
        if (notified.getNotifications(LISTEN_MS).length > 0) {
          heard.run();
        }
      }
      listen.execute("UNLISTEN " + CHANNEL);
    }
  }
}
