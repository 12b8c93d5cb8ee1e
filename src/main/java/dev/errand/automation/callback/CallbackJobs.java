package dev.errand.automation.callback;

import dev.errand.base.background.PeriodicJobs;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Periodic jobs that send due callback deliveries and remove old ones. */
@ApplicationScoped
class CallbackJobs {
  private static final Duration FORGETS_EVERY = Duration.ofMinutes(10);

  private final CallbackDeliverer deliverer;
  private final CallbackConfig config;
  private final PeriodicJobs jobs;

  CallbackJobs(CallbackDeliverer deliverer, CallbackConfig config, PeriodicJobs jobs) {
    this.deliverer = deliverer;
    this.config = config;
    this.jobs = jobs;
  }

  // After the work of the first start, which needs the database first.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == CallbackConfig.Mode.LOOP) {
      jobs.every("callback-deliver", config.poll(), deliverer::runOnce);
      jobs.every("callback-forget", FORGETS_EVERY, deliverer::forget);
    }
  }

  // After the jobs have stopped.
  void stop(@Observes ShutdownEvent event) {
    deliverer.stop();
  }
}
