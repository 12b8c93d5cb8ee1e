package dev.errand.runs.queue.record;

/** What came of enqueuing a run. */
public enum Enqueued {
  /** It waits for a worker. */
  STARTED,
  /** Nothing: its task has a run of that name, or a live one that it may not overlap. */
  REFUSED,
  /** Nothing: its profile has as many runs queued as it may have. */
  FULL
}
