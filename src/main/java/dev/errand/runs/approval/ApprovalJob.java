package dev.errand.runs.approval;

import dev.errand.base.background.PeriodicJobs;
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
  private final String mode;
  private final PeriodicJobs jobs;

  ApprovalJob(
      ApprovalTicker approvals,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") String mode,
      PeriodicJobs jobs) {
    this.approvals = approvals;
    this.mode = mode;
    this.jobs = jobs;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 890) StartupEvent event) {
    if (mode.equalsIgnoreCase("loop")) {
      jobs.every("approval-tick", INTERVAL, approvals::tick);
    }
  }
}
