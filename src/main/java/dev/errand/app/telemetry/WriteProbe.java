package dev.errand.app.telemetry;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.DiskSpace;
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

  // A new file, and pages that no free ones can stand for: what a full disk refuses, unlike the
  // row.
  private static final String ROOM =
      """
      CREATE TEMPORARY TABLE errand_room ON COMMIT DROP AS
      SELECT repeat('x', 1000) AS filler FROM generate_series(1, 1000)
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
        return !DiskSpace.isLacking() || hasRoom();
      }
      LOG.warnf(
          "The database took %d s or more for a small write: is its synchronous standby there?",
          LONGEST_WRITE.toSeconds());
      return false;
    } catch (DatabaseException e) {
      LOG.warnf("The database accepts no writes: %s", e.reason());
      return false;
    }
  }

  // Asked only after another write was refused: it costs more than the row.
  private boolean hasRoom() {
    try {
      sql.statement(ROOM).within(LONGEST_WRITE).update();
    } catch (DatabaseException e) {
      if (e.isDiskFull()) {
        LOG.warnf("The disk of the database is full: %s", e.reason());
        return false;
      }
      LOG.debugf(e, "Whether the disk has room can't be found out");
    }
    DiskSpace.found();
    return true;
  }
}
