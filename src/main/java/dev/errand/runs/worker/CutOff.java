package dev.errand.runs.worker;

import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Hands runs back that had a step cut off since it took longer than an event may. Such a step is
 * taken anew, and most likely takes as long again: it counts like a worker that was lost.
 */
@ApplicationScoped
class CutOff {
  /** The code of the entry that tells of it. */
  static final String CODE = "budget_spent";

  private static final String REMEDY =
      " Raise ERRAND_WORKER_BUDGET, of which a step has half for certain, or have the step take less"
          + " time.";

  private final RunControl control;
  private final RunEntries entries;
  private final WorkerConfig config;

  CutOff(RunControl control, RunEntries entries, WorkerConfig config) {
    this.control = control;
    this.entries = entries;
    this.config = config;
  }

  /**
   * Writes down that it was cut off, and hands it back, or ends it when that is hopeless.
   *
   * @return how the attempt ended
   * @throws dev.errand.runs.queue.record.ClaimLostException when the run is no longer held by this
   *     claim
   */
  RunObserver.End handBack(Claim claim) {
    String entry =
        entries.cutOff(
            CODE,
            "A step took longer than one event may be worked on; it was cut off, and is repeated."
                + REMEDY);
    RunEnd end =
        RunEnd.failed(
            entries,
            Rescuer.EXHAUSTED,
            "A step of the run was cut off since it took too long, or its worker was lost, "
                + (config.maxLosses() + 1)
                + " times without the run coming further."
                + REMEDY);
    return control.cutOff(claim, config.maxLosses(), entry, end)
        ? RunObserver.End.HANDED_BACK
        : RunObserver.End.ERROR;
  }
}
