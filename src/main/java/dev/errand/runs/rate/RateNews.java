package dev.errand.runs.rate;

import dev.errand.runs.provider.ProviderRateChanged;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jboss.logging.Logger;

/** Tells all processes of changes of the rates that providers give, after the commit. */
@ApplicationScoped
class RateNews {
  private static final Logger LOG = Logger.getLogger(RateNews.class);

  private final QueueNotifications notifications;
  private final KnownRates known;

  RateNews(QueueNotifications notifications, KnownRates known) {
    this.notifications = notifications;
    this.known = known;
  }

  // The ending transaction may still hold its connection: waiting for a second one here could
  // exhaust the pool.
  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) ProviderRateChanged event) {
    known.givenChanged();
    Thread.ofVirtual().name("rate-news").start(this::publish);
  }

  private void publish() {
    try {
      notifications.publish(News.RATES);
    } catch (RuntimeException e) {
      LOG.warnf("Other processes could not be told of a changed rate: %s", e.getMessage());
    }
  }
}
