package dev.errand.app.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Whether the database takes writes: a full disk, or a server that has become a standby, still
 * answers whoever reads. It is asked by a write of one small row, at most once in ten seconds.
 */
@ApplicationScoped
class WriteProbe {
  private static final Logger LOG = Logger.getLogger(WriteProbe.class);
  private static final int LONGEST_WRITE_SECONDS = 3;

  // Where another process writes the row at this moment, it is not waited for: one whose connection
  // was lost may hold it for long, and all others are as ready as before.
  private static final String WRITE =
      """
      UPDATE secret_canary SET sealed = sealed
      WHERE id = (SELECT id FROM secret_canary FOR UPDATE SKIP LOCKED)
      """;

  private final DataSource database;
  private final long freshNanos;
  private final ReentrantLock turn = new ReentrantLock();
  private boolean taken;
  private long askedAt;

  WriteProbe(
      DataSource database,
      @ConfigProperty(name = "errand.health.write-every", defaultValue = "PT10S") Duration every) {
    this.database = database;
    this.freshNanos = every.toNanos();
    this.askedAt = System.nanoTime() - freshNanos;
  }

  boolean isTaken() {
    turn.lock();
    try {
      if (System.nanoTime() - askedAt >= freshNanos) {
        taken = write();
        askedAt = System.nanoTime();
      }
      return taken;
    } finally {
      turn.unlock();
    }
  }

  private boolean write() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(LONGEST_WRITE_SECONDS);
      statement.executeUpdate(WRITE);
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.warnf("The database takes no writes: %s", e.getMessage());
      return false;
    }
  }
}
