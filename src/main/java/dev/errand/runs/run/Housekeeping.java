package dev.errand.runs.run;

import dev.errand.base.secret.reseal.Resealing;
import dev.errand.identity.audit.AuditRetention;
import dev.errand.runs.run.archive.RunRetention;
import dev.errand.runs.run.usage.UsageStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Periodic maintenance: adds up usage, removes old runs and old lines of the audit, and goes on
 * sealing with a new master key. Any process may do it.
 */
@ApplicationScoped
public class Housekeeping {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final UsageStore usage;
  private final RunRetention retention;
  private final AuditRetention audit;
  private final Resealing resealing;

  Housekeeping(
      UsageStore usage, RunRetention retention, AuditRetention audit, Resealing resealing) {
    this.usage = usage;
    this.retention = retention;
    this.audit = audit;
    this.resealing = resealing;
  }

  /** Does everything, for 30 seconds at most. */
  public void runOnce() {
    runOnce(LONGEST);
  }

  /**
   * Does everything within a time limit.
   *
   * @param most when no further batch begins; the rest is left to the next call
   */
  public void runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    usage.addUp(most);
    int _ = retention.runOnce(left(end));
    int _ = audit.runOnce(left(end));
    resealing.runOnce(left(end));
  }

  private static Duration left(long end) {
    return Duration.ofNanos(end - System.nanoTime());
  }
}
