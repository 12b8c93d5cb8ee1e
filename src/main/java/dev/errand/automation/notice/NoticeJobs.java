package dev.errand.automation.notice;

import dev.errand.automation.delivery.DeliveryConfig;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** The periodic job that decides who is told of what happened, as often as callbacks are sent. */
@ApplicationScoped
class NoticeJobs {
  private static final Duration LONGEST_PASS = Duration.ofMinutes(5);

  private final NoticeRouter router;
  private final DeliveryConfig config;
  private final PeriodicJobs jobs;

  NoticeJobs(NoticeRouter router, DeliveryConfig config, PeriodicJobs jobs) {
    this.router = router;
    this.config = config;
    this.jobs = jobs;
  }

  // After the work of the first start, which needs the database first.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == WorkMode.LOOP) {
      jobs.every("notice-route", config.poll(), () -> router.addDeliveries(LONGEST_PASS));
    }
  }
}
