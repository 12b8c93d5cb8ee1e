package dev.errand.runs.run;

import dev.errand.runs.run.archive.RunRetention;
import dev.errand.runs.run.usage.UsageStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What has to be done with ended runs now and then, by any process and at any time. */
@ApplicationScoped
public class Housekeeping {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final UsageStore usage;
  private final RunRetention retention;

  Housekeeping(UsageStore usage, RunRetention retention) {
    this.usage = usage;
    this.retention = retention;
  }

  /** Adds up what was used, and removes runs that ended long ago, for half a minute at most. */
  public void runOnce() {
    runOnce(LONGEST);
  }

  /**
   * Does the same for some time at most.
   *
   * @param most after this no further batch is begun; what is left is for the next time
   */
  public void runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    usage.addUp(most);
    retention.runOnce(Duration.ofNanos(end - System.nanoTime()));
  }
}
