package dev.errand.runs.worker;

import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Returns runs to the queue after a step was cut off at the end of an event's time budget. The step
 * is repeated and most likely takes as long again, so a cut counts like the loss of a worker.
 */
@ApplicationScoped
class CutOff {
  /** The code of the entry that records a cut. */
  static final String CODE = "budget_spent";

  private static final String REMEDY =
      " Raise ERRAND_WORKER_BUDGET, half of which every step is sure to have, or make the step take"
          + " less time.";

  private final RunControl control;
  private final RunEntries entries;
  private final WorkerConfig config;

  CutOff(RunControl control, RunEntries entries, WorkerConfig config) {
    this.control = control;
    this.entries = entries;
    this.config = config;
  }

  /**
   * Records the cut and returns the run to the queue, or ends it after too many cuts.
   *
   * @return how the attempt ended
   * @throws dev.errand.runs.queue.record.ClaimLostException when the run is no longer held by this
   *     claim
   */
  RunObserver.End handBack(Claim claim) {
    String entry =
        entries.cutOff(
            CODE,
            "A step took longer than the time budget of one event; it was cut off and is repeated."
                + REMEDY);
    RunEnd end =
        RunEnd.failed(
            entries,
            Rescuer.EXHAUSTED,
            "A step of the run was cut off because it took too long, or the run's worker was lost, "
                + (config.maxLosses() + 1)
                + " times without progress."
                + REMEDY);
    return control.cutOff(claim, config.maxLosses(), entry, end)
        ? RunObserver.End.HANDED_BACK
        : RunObserver.End.ERROR;
  }
}
