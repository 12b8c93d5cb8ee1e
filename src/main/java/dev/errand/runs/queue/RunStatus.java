package dev.errand.runs.queue;

import dev.errand.base.json.Coded;

/** The status of a run; the API and the database both use the lower-case name. */
public enum RunStatus implements Coded {
  /** It waits for a worker. */
  PENDING,
  /** A worker holds it. */
  RUNNING,
  /** It ended with a last message. */
  READY,
  /** It failed. */
  ERROR;

  /** Whether the run has ended, so that it no longer changes unless it is retried. */
  public boolean isEnd() {
    return this == READY || this == ERROR;
  }

  /** The status that is stored as that code. */
  public static RunStatus of(String code) {
    return Coded.of(RunStatus.class, code);
  }
}
