package dev.errand.runs.worker;

import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import jakarta.enterprise.context.ApplicationScoped;

/** Rescues runs of lost workers: those whose lease has expired. */
@ApplicationScoped
public class Rescuer {
  private static final int AT_ONCE = 100;

  private final RunControl control;
  private final RunEntryCodec entries;
  private final WorkerConfig config;
  private final RunObserver observer;

  Rescuer(RunControl control, RunEntryCodec entries, WorkerConfig config, RunObserver observer) {
    this.control = control;
    this.entries = entries;
    this.config = config;
    this.observer = observer;
  }

  /**
   * Makes runs whose lease has expired claimable again, or ends them after too many losses.
   *
   * @return how many leases had expired
   */
  public int rescue() {
    int all = 0;
    int rescued;
    do {
      rescued = rescue(AT_ONCE);
      all += rescued;
    } while (rescued == AT_ONCE);
    return all;
  }

  /**
   * Runs the statement without rescuing anything, which fails while the database is unavailable.
   */
  void ask() {
    int _ = rescue(0);
  }

  private int rescue(int most) {
    RunEnd end =
        RunEnd.failed(
            entries,
            RunError.ATTEMPTS_EXHAUSTED,
            "The run's worker was lost "
                + (config.maxLosses() + 1)
                + " times without progress: the run may be too large for the process that works on it.");
    int lost = control.rescue(most, config.maxLosses(), end);
    if (lost > 0) {
      observer.leasesLost(lost);
    }
    return lost;
  }
}
