package dev.errand.runs.queue;

/** The outcome of enqueuing a run. */
public enum Enqueued {
  STARTED,
  /**
   * Not enqueued: its task has a run of that name, or a live one that it may not overlap, or its
   * profile is gone or being deleted or renamed.
   */
  REFUSED,
  /** Not enqueued: its profile's queue is full. */
  FULL
}
