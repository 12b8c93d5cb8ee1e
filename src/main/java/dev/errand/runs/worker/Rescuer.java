package dev.errand.runs.worker;

import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes runs back from workers that were lost. */
@ApplicationScoped
public class Rescuer {
  /** What a run ends as that is lost again and again. */
  static final String EXHAUSTED = "attempts_exhausted";

  private static final int AT_ONCE = 100;

  private final RunControl control;
  private final RunEntries entries;
  private final WorkerConfig config;

  Rescuer(RunControl control, RunEntries entries, WorkerConfig config) {
    this.control = control;
    this.entries = entries;
    this.config = config;
  }

  /**
   * Makes the runs claimable again whose lease has run out, or ends them when that is hopeless.
   *
   * @return how many leases had run out
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

  /** Rescues nothing, and fails when the database is away. */
  void ask() {
    int _ = rescue(0);
  }

  private int rescue(int most) {
    RunEnd end =
        RunEnd.failed(
            entries,
            EXHAUSTED,
            "The run's worker was lost "
                + (config.maxLosses() + 1)
                + " times without the run coming further: what it does may be too much for the"
                + " process that does it.");
    return control.rescue(most, config.maxLosses(), end);
  }
}
