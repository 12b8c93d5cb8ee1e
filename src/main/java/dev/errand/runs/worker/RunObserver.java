package dev.errand.runs.worker;

import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import dev.errand.runs.queue.Claim;
import org.jspecify.annotations.Nullable;

/** Port for telemetry: observes the execution of runs. It must not block or throw. */
public interface RunObserver {

  /** Begins to observe an attempt at a run, on the calling thread. */
  Attempt begin(Claim claim);

  /**
   * Leases of runs have expired: their workers were lost, or were stuck for too long.
   *
   * @param leases how many, 1 or more
   */
  void leasesLost(int leases);

  /** One observed attempt; its events may come from any thread. */
  interface Attempt extends AutoCloseable {
    void modelAsked(ModelAsked asked);

    void toolCalled(ToolCalled called);

    /**
     * A warning was written.
     *
     * @param code its code, one of {@link dev.errand.models.port.WarningCode} or of {@link
     *     dev.errand.models.port.RunError}
     */
    void warned(String code);

    /**
     * The attempt's end was written.
     *
     * @param code the code of the run's error, or of the warning with which it returned; null for
     *     none
     */
    void ended(End end, @Nullable String code);

    /** The attempt is over; called on the thread that began it. */
    @Override
    void close();
  }

  enum End {
    READY,
    /** The run ended as {@code error}. */
    ERROR,
    /** The run returned to the queue for a later time. */
    POSTPONED,
    /** The run returned to the queue, where any worker may continue it at once. */
    HANDED_BACK,
    /** The claim on the run was lost. */
    LOST
  }
}
