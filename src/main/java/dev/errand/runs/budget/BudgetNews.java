package dev.errand.runs.budget;

import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jboss.logging.Logger;

/** Tells all processes of changes of budgets, after the commit. */
@ApplicationScoped
class BudgetNews {
  private static final Logger LOG = Logger.getLogger(BudgetNews.class);

  private final QueueNotifications notifications;

  BudgetNews(QueueNotifications notifications) {
    this.notifications = notifications;
  }

  // The ending transaction may still hold its connection: waiting for a second one here could
  // exhaust the pool.
  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) BudgetsChanged event) {
    Thread.ofVirtual().name("budget-news").start(this::publish);
  }

  private void publish() {
    try {
      notifications.publish(News.BUDGETS);
    } catch (RuntimeException e) {
      LOG.warnf("Other processes could not be told of a changed budget: %s", e.getMessage());
    }
  }
}
