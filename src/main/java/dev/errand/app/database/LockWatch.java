package dev.errand.app.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Observes which sessions hold the lock that a migration waits for. */
final class LockWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LockWatch.class);
  private static final String HOLDERS =
      """
      SELECT pid, application_name, usename, state, backend_type,
        to_char(coalesce(xact_start, state_change) AT TIME ZONE 'UTC',
          'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
      FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids(?)) ORDER BY pid
      """;

  private final DataSource database;
  private final int waiting;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile List<Holder> holders = List.of();

  /** A process that holds a lock; fields that the database's user may not see are null. */
  private record Holder(
      int pid,
      @Nullable String application,
      @Nullable String user,
      @Nullable String state,
      @Nullable String kind,
      @Nullable String since) {
    String describe() {
      return "process %d of PostgreSQL (application_name \"%s\", user %s, state \"%s\", since %s)"
          .formatted(
              pid,
              Objects.requireNonNullElse(application, "unknown"),
              Objects.requireNonNullElse(user, "unknown"),
              Objects.requireNonNullElse(state, Objects.requireNonNullElse(kind, "unknown")),
              Objects.requireNonNullElse(since, "unknown"));
    }
  }

  private LockWatch(DataSource database, int waiting) {
    this.database = database;
    this.waiting = waiting;
  }

  /**
   * Starts to observe.
   *
   * @param pace how long it may wait before the first look, and the time between two looks
   */
  static LockWatch on(DataSource database, int waiting, Duration pace) {
    LockWatch watch = new LockWatch(database, waiting);
    Thread.ofVirtual().name("lock-watch").start(() -> watch.look(pace));
    return watch;
  }

  /** The process that held the lock at the last wait, and the remedy; empty if there was none. */
  Optional<String> lastHolders() {
    List<Holder> last = holders;
    if (last.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.join(" and ", last.stream().map(Holder::describe).toList())
            + (last.size() == 1 ? " holds it" : " hold it")
            + ": let that end, or end it with SELECT "
            + String.join(
                ", ",
                last.stream().map(holder -> "pg_terminate_backend(" + holder.pid + ")").toList()));
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void look(Duration pace) {
    try {
      while (!closed.await(pace.toMillis(), TimeUnit.MILLISECONDS)) {
        // A new connection for each look, so that none is occupied in between behind a connection
        // pooler.
        try (Connection connection = database.getConnection();
            PreparedStatement statement = connection.prepareStatement(HOLDERS)) {
          statement.setInt(1, waiting);
          List<Holder> found = new ArrayList<>();
          try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              found.add(
                  new Holder(
                      row.getInt("pid"),
                      row.getString("application_name"),
                      row.getString("usename"),
                      row.getString("state"),
                      row.getString("backend_type"),
                      row.getString("since")));
            }
          }
          if (!found.isEmpty()) {
            holders = List.copyOf(found);
          }
        }
      }
    } catch (SQLException e) {
      LOG.debugf(e, "Who holds a lock can't be seen");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
