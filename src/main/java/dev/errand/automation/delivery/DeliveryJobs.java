package dev.errand.automation.delivery;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Periodic jobs that send due deliveries and remove old ones. */
@ApplicationScoped
class DeliveryJobs {
  private static final Duration FORGETS_EVERY = Duration.ofMinutes(10);

  private final Deliverer deliverer;
  private final DeliveryConfig config;
  private final PeriodicJobs jobs;

  DeliveryJobs(Deliverer deliverer, DeliveryConfig config, PeriodicJobs jobs) {
    this.deliverer = deliverer;
    this.config = config;
    this.jobs = jobs;
  }

  // After the work of the first start, which needs the database first.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == WorkMode.LOOP) {
      jobs.every("callback-deliver", config.poll(), deliverer::runOnce);
      jobs.every("callback-forget", FORGETS_EVERY, deliverer::forget);
    }
  }

  // After the jobs have stopped.
  void stop(@Observes ShutdownEvent event) {
    deliverer.stop();
  }
}
