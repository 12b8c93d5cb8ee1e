package dev.errand.automation.schedule;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The periodic tick that fires due schedules, in processes of loop mode. */
@ApplicationScoped
class ScheduleJob {
  private final ScheduleTicker schedules;
  private final ScheduleConfig config;
  private final WorkMode mode;
  private final PeriodicJobs jobs;

  ScheduleJob(
      ScheduleTicker schedules,
      ScheduleConfig config,
      @ConfigProperty(name = "errand.worker.mode", defaultValue = "loop") WorkMode mode,
      PeriodicJobs jobs) {
    this.schedules = schedules;
    this.config = config;
    this.mode = mode;
    this.jobs = jobs;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event) {
    if (config.grace().isNegative()) {
      throw new IllegalStateException(
          "errand.schedule.grace (ERRAND_SCHEDULE_GRACE) must be a duration such as PT2M.");
    }
    if (mode == WorkMode.LOOP) {
      jobs.every("schedule-tick", config.tick(), () -> schedules.tick());
    }
  }
}
