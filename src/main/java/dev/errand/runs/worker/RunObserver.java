package dev.errand.runs.worker;

import dev.errand.models.model.ModelAsked;
import dev.errand.models.model.ToolCalled;
import dev.errand.runs.queue.record.Claim;
import org.jspecify.annotations.Nullable;

/** Looks on while runs are worked; it neither waits nor fails, and nothing depends on it. */
public interface RunObserver {

  /** An attempt at a run begins, on the calling thread. */
  Attempt begin(Claim claim);

  /** One attempt; any thread may tell of what happens in it. */
  interface Attempt extends AutoCloseable {
    /** The model was asked once. */
    void modelAsked(ModelAsked asked);

    /** A tool was called. */
    void toolCalled(ToolCalled called);

    /**
     * It was written down what came of it.
     *
     * @param code the run's error code; null where it has none
     */
    void ended(End end, @Nullable String code);

    /** Nothing more comes of it; called on the thread that began it. */
    @Override
    void close();
  }

  /** What came of an attempt. */
  enum End {
    /** The run is ready. */
    READY,
    /** The run ended as {@code error}. */
    ERROR,
    /** The run is to be gone on with later. */
    POSTPONED,
    /** The run is to be gone on with elsewhere. */
    HANDED_BACK,
    /** The run was not this worker's any more. */
    LOST
  }
}
