package dev.errand.runs.lifecycle;

import dev.errand.base.background.TickWork;
import dev.errand.base.secret.Resealing;
import dev.errand.identity.audit.AuditRetention;
import dev.errand.runs.budget.BudgetLedger;
import dev.errand.runs.history.RunRetention;
import dev.errand.runs.history.UsageStore;
import dev.errand.runs.rate.RateLine;
import dev.errand.tools.install.RemoteHousekeeping;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Periodic maintenance: counts lost requests to models as spent, adds up usage, removes old runs
 * and old lines of the audit, continues resealing with a new master key, renews the credentials of
 * remote servers, and checks whether their tools have changed. Any process may do it.
 */
@ApplicationScoped
public class Housekeeping implements TickWork {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final BudgetLedger budgets;
  private final RateLine rates;
  private final UsageStore usage;
  private final RunRetention retention;
  private final AuditRetention audit;
  private final Resealing resealing;
  private final RemoteHousekeeping remoteTools;

  Housekeeping(
      BudgetLedger budgets,
      RateLine rates,
      UsageStore usage,
      RunRetention retention,
      AuditRetention audit,
      Resealing resealing,
      RemoteHousekeeping remoteTools) {
    this.budgets = budgets;
    this.rates = rates;
    this.usage = usage;
    this.retention = retention;
    this.audit = audit;
    this.resealing = resealing;
    this.remoteTools = remoteTools;
  }

  /** Does everything, for 30 seconds at most. */
  public void runOnce() throws InterruptedException {
    work(LONGEST);
  }

  @Override
  public String name() {
    return "run housekeeping";
  }

  @Override
  public void work(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    // First, since only this work has a deadline that others set.
    remoteTools.renew(most);
    int _ = budgets.sweep(left(end));
    rates.forget();
    usage.addUp(left(end));
    int _ = retention.runOnce(left(end));
    int _ = audit.runOnce(left(end));
    resealing.runOnce(left(end));
    remoteTools.runOnce(left(end));
  }

  private static Duration left(long end) {
    return Duration.ofNanos(end - System.nanoTime());
  }
}
