package dev.errand.runs.run;

import dev.errand.identity.audit.AuditRetention;
import dev.errand.runs.run.archive.RunRetention;
import dev.errand.runs.run.usage.UsageStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Periodic maintenance: adds up usage, and removes old runs and old lines of the audit. Any process
 * may do it.
 */
@ApplicationScoped
public class Housekeeping {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final UsageStore usage;
  private final RunRetention retention;
  private final AuditRetention audit;

  Housekeeping(UsageStore usage, RunRetention retention, AuditRetention audit) {
    this.usage = usage;
    this.retention = retention;
    this.audit = audit;
  }

  /** Adds up usage and removes what is old, for 30 seconds at most. */
  public void runOnce() {
    runOnce(LONGEST);
  }

  /**
   * Adds up usage and removes what is old, within a time limit.
   *
   * @param most when no further batch begins; the rest is left to the next call
   */
  public void runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    usage.addUp(most);
    int _ = retention.runOnce(Duration.ofNanos(end - System.nanoTime()));
    int _ = audit.runOnce(Duration.ofNanos(end - System.nanoTime()));
  }
}
