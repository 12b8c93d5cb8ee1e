package dev.errand.identity.audit;

import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Removes lines of the audit that are older than its retention. */
@ApplicationScoped
public class AuditRetention {
  private static final int AT_ONCE = 1000;

  // The name of the lock with which one process at a time removes lines.
  private static final String LOCK = "audit retention";

  private final Sql sql;
  private final AuditConfig config;

  AuditRetention(Sql sql, AuditConfig config) {
    this.sql = sql;
    this.config = config;
  }

  /**
   * Removes old lines in batches that each are one transaction. Does nothing while another process
   * does it.
   *
   * @return how many were removed
   */
  public int runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int removed = 0;
    int batch = AT_ONCE;
    while (batch == AT_ONCE && System.nanoTime() < end) {
      batch = sql.inTurn(LOCK, this::remove, 0);
      removed += batch;
    }
    return removed;
  }

  private int remove(Sql own) {
    return own.statement(AuditStatements.FORGET)
        .with("kept_ms", config.retention().toMillis())
        .with("most", AT_ONCE)
        .one(row -> row.integer("removed"));
  }
}
