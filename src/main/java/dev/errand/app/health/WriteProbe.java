package dev.errand.app.health;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Checks whether the database accepts writes: with a full disk, after becoming a standby, or
 * without its synchronous standby, it still answers reads. The check writes one small row, at most
 * once in ten seconds.
 */
@ApplicationScoped
class WriteProbe {
  private static final Logger LOG = Logger.getLogger(WriteProbe.class);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(3);

  // If another process has locked the row, this one does not wait for it: a process that lost its
  // connection may hold the lock for long, and all others are as ready as before.
  private static final String WRITE =
      """
      UPDATE secret_canary SET sealed = sealed
      WHERE id = (SELECT id FROM secret_canary FOR UPDATE SKIP LOCKED)
      """;

  private final Sql sql;
  private final long freshNanos;
  private final ReentrantLock turn = new ReentrantLock();
  private boolean taken;
  private long askedAt;

  /**
   * Writes to the database at most once in a while.
   *
   * @param every the age of the last write from which {@code /q/health/ready} writes again
   */
  WriteProbe(
      Sql sql,
      @ConfigProperty(name = "errand.health.write-every", defaultValue = "PT10S") Duration every) {
    this.sql = sql;
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
    long began = System.nanoTime();
    try {
      sql.statement(WRITE).within(LONGEST_WRITE).update();
      // A commit that waits for a synchronous standby does not fail at its time limit: PostgreSQL
      // stops waiting and reports success with a warning.
      if (System.nanoTime() - began < LONGEST_WRITE.toNanos()) {
        return true;
      }
      LOG.warnf(
          "The database took %d s or more for a small write: is its synchronous standby there?",
          LONGEST_WRITE.toSeconds());
      return false;
    } catch (DatabaseException e) {
      LOG.warnf("The database takes no writes: %s", e.reason());
      return false;
    }
  }
}
