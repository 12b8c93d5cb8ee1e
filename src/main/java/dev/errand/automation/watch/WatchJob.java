package dev.errand.automation.watch;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The periodic tick of watches, in processes of loop mode. */
@ApplicationScoped
class WatchJob {
  // A watch expects nothing within less than a minute.
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final WatchTicker watches;
  private final WorkMode mode;
  private final PeriodicJobs jobs;

  WatchJob(
      WatchTicker watches,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode,
      PeriodicJobs jobs) {
    this.watches = watches;
    this.mode = mode;
    this.jobs = jobs;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event) {
    if (mode == WorkMode.LOOP) {
      jobs.every("watch-tick", INTERVAL, watches::tick);
    }
  }
}
