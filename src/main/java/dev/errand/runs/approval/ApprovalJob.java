package dev.errand.runs.approval;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The periodic tick of approvals, in processes of loop mode. */
@ApplicationScoped
class ApprovalJob {
  // Nobody is given less than a minute to decide.
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final ApprovalTicker approvals;
  private final WorkMode mode;
  private final PeriodicJobs jobs;

  ApprovalJob(
      ApprovalTicker approvals,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode,
      PeriodicJobs jobs) {
    this.approvals = approvals;
    this.mode = mode;
    this.jobs = jobs;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 890) StartupEvent event) {
    if (mode == WorkMode.LOOP) {
      jobs.every("approval-tick", INTERVAL, approvals::tick);
    }
  }
}
