package dev.errand.runs.queue.record;

import java.util.Locale;

/** Where a run stands; the lower-case name is the same in the API and in the database. */
public enum RunStatus {
  /** It waits for a worker. */
  PENDING,
  /** A worker has it. */
  RUNNING,
  /** It ended with a last message. */
  READY,
  /** It ended without one. */
  ERROR;

  /** The status as it stands in JSON and in the database. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing more will come of it by itself. */
  public boolean isEnd() {
    return this == READY || this == ERROR;
  }

  public static RunStatus of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
