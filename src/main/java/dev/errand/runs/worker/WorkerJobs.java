package dev.errand.runs.worker;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.database.Outage;
import dev.errand.runs.run.Housekeeping;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Takes runs back periodically from workers that were lost, and keeps house. Both may wait: a run
 * whose worker was lost has waited for its lease to run out already.
 */
@ApplicationScoped
class WorkerJobs {
  private final Rescuer rescuer;
  private final Housekeeping housekeeping;
  private final WorkerConfig config;
  private final PeriodicJobs jobs;
  // Both of the job that rescues alone.
  private boolean databaseWasAway;
  private long notBefore = System.nanoTime();

  WorkerJobs(Rescuer rescuer, Housekeeping housekeeping, WorkerConfig config, PeriodicJobs jobs) {
    this.rescuer = rescuer;
    this.housekeeping = housekeeping;
    this.config = config;
    this.jobs = jobs;
  }

  // After the first start's own work: there must be a database to work on.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == WorkerConfig.Mode.LOOP) {
      jobs.every("worker-rescue", config.rescue(), this::rescue);
      jobs.every("worker-keep", config.keep(), housekeeping::runOnce);
    }
  }

  // While the database is away nobody can extend a lease. When it is back, those whose leases ran
  // out meanwhile get to say first that they are still there.
  private synchronized void rescue() {
    try {
      if (databaseWasAway) {
        rescuer.ask();
        databaseWasAway = false;
        notBefore = System.nanoTime() + config.lease().dividedBy(2).toNanos();
      }
      if (System.nanoTime() - notBefore >= 0) {
        int _ = rescuer.rescue();
      }
    } catch (RuntimeException e) {
      databaseWasAway |= Outage.isBehind(e);
      throw e;
    }
  }
}
