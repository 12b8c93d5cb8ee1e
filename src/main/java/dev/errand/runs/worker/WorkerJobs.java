package dev.errand.runs.worker;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.database.Outage;
import dev.errand.runs.lifecycle.Housekeeping;
import dev.errand.runs.queue.TaskSlots;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Periodic jobs of loop mode: rescues runs of lost workers, and does {@link Housekeeping}. Neither
 * is urgent.
 */
@ApplicationScoped
class WorkerJobs {
  private final Rescuer rescuer;
  private final TaskSlots slots;
  private final Housekeeping housekeeping;
  private final WorkerConfig config;
  private final PeriodicJobs jobs;
  // Both fields belong to the rescue job alone.
  private boolean databaseWasAway;
  private long notBefore = System.nanoTime();

  WorkerJobs(
      Rescuer rescuer,
      TaskSlots slots,
      Housekeeping housekeeping,
      WorkerConfig config,
      PeriodicJobs jobs) {
    this.rescuer = rescuer;
    this.slots = slots;
    this.housekeeping = housekeeping;
    this.config = config;
    this.jobs = jobs;
  }

  // After FirstStart, which sets up the database that the jobs need.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    jobs.inLoop("worker-rescue", config.rescue(), this::rescue);
    jobs.inLoop("worker-keep", config.keep(), housekeeping::runOnce);
  }

  // While the database is unavailable, no worker can extend a lease. After an outage, workers get
  // time to extend expired leases before the rescue begins.
  private synchronized void rescue() {
    try {
      if (databaseWasAway) {
        rescuer.ask();
        databaseWasAway = false;
        notBefore = System.nanoTime() + config.lease().dividedBy(2).toNanos();
      }
      if (System.nanoTime() - notBefore >= 0) {
        int _ = rescuer.rescue();
        boolean _ = slots.repairAtTimes();
      }
    } catch (RuntimeException e) {
      databaseWasAway |= Outage.isBehind(e);
      throw e;
    }
  }
}
