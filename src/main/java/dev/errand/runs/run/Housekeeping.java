package dev.errand.runs.run;

import dev.errand.runs.run.archive.RunRetention;
import dev.errand.runs.run.usage.UsageStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Periodic maintenance of ended runs: adds up usage and removes old runs. Any process may do it.
 */
@ApplicationScoped
public class Housekeeping {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final UsageStore usage;
  private final RunRetention retention;

  Housekeeping(UsageStore usage, RunRetention retention) {
    this.usage = usage;
    this.retention = retention;
  }

  /** Adds up usage and removes old runs, for 30 seconds at most. */
  public void runOnce() {
    runOnce(LONGEST);
  }

  /**
   * Adds up usage and removes old runs, within a time limit.
   *
   * @param most when no further batch begins; the rest is left to the next call
   */
  public void runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    usage.addUp(most);
    retention.runOnce(Duration.ofNanos(end - System.nanoTime()));
  }
}
