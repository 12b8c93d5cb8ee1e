package dev.errand.runs.queue;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what this process has heard of changes of budgets, so that a run which goes on finds out
 * about one that was made after it began.
 */
@Singleton
public class BudgetChanges {
  private final AtomicLong heard = new AtomicLong();

  /** Called when budgets may have changed. */
  public void heard() {
    heard.incrementAndGet();
  }

  /** How often they may have changed. */
  public long count() {
    return heard.get();
  }
}
