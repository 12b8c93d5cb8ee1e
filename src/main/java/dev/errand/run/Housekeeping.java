package dev.errand.run;

import jakarta.enterprise.context.ApplicationScoped;

/** What has to be done with ended runs now and then, by any process and at any time. */
@ApplicationScoped
public class Housekeeping {
  private final UsageBook usage;
  private final RunRetention retention;

  Housekeeping(UsageBook usage, RunRetention retention) {
    this.usage = usage;
    this.retention = retention;
  }

  /** Adds up what was used, and removes runs that ended long ago. */
  public void runOnce() {
    usage.addUp();
    retention.runOnce();
  }
}
