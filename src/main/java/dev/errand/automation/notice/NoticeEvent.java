package dev.errand.automation.notice;

import dev.errand.base.json.Coded;
import java.util.List;

/**
 * The events that a notice can ask for; the code is the name with a dot for the first underscore.
 */
public enum NoticeEvent implements Coded {
  /** A run ended in error; a run that somebody cancelled is none. */
  RUN_ERROR,
  /** As many runs of a task as the notice says failed, one after the other. */
  RUN_ERRORS_IN_A_ROW,
  /** A run is ready after failures of which the notice told, or would have. */
  RUN_RECOVERED,
  /** A run is ready, and has warnings. */
  RUN_WARNINGS,
  SCHEDULE_PAUSED,
  SCHEDULE_MISSED,
  WATCH_MISSED,
  WATCH_RECOVERED,
  CREDENTIAL_EXPIRING,
  CREDENTIAL_FAILING,
  APPROVAL_REQUESTED,
  APPROVAL_EXPIRING,
  APPROVAL_EXPIRED;

  /** What a new profile is told of by itself, and the end of it. */
  public static final List<NoticeEvent> USUAL =
      List.of(
          RUN_ERRORS_IN_A_ROW,
          RUN_RECOVERED,
          SCHEDULE_PAUSED,
          CREDENTIAL_FAILING,
          APPROVAL_REQUESTED,
          APPROVAL_EXPIRING);

  /** The name in JSON and in the database, such as {@code run.errors_in_a_row}. */
  @Override
  public String code() {
    return Coded.super.code().replaceFirst("_", ".");
  }
}
