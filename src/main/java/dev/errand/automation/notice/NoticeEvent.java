package dev.errand.automation.notice;

import dev.errand.base.json.Coded;
import java.util.List;

/**
 * The events that a notice can ask for; the code is the name with a dot for the first underscore.
 */
public enum NoticeEvent implements Coded {
  /** A run ended in error; a run that somebody cancelled is none. */
  RUN_ERROR("a run failed"),
  /** As many runs of a task as the notice says failed, one after the other. */
  RUN_ERRORS_IN_A_ROW("several runs of a task failed in a row"),
  /** A run is ready after failures of which the notice told, or would have. */
  RUN_RECOVERED("a run is done again after such failures"),
  /** A run is ready, and has warnings. */
  RUN_WARNINGS("a run is done, but with warnings"),
  SCHEDULE_PAUSED("a schedule paused itself"),
  SCHEDULE_MISSED("times of a schedule passed without a run"),
  WATCH_MISSED("what is expected of a task did not happen"),
  WATCH_RECOVERED("what is expected of a task happens again"),
  CREDENTIAL_EXPIRING("a sign-in of a tool ends soon"),
  CREDENTIAL_FAILING("a sign-in of a tool has to be renewed"),
  APPROVAL_REQUESTED("a tool call waits until somebody approves it"),
  APPROVAL_EXPIRING("little time is left to approve a tool call"),
  APPROVAL_EXPIRED("nobody decided about a tool call in time");

  /** What a new profile is told of by itself, and the end of it. */
  public static final List<NoticeEvent> USUAL =
      List.of(
          RUN_ERRORS_IN_A_ROW,
          RUN_RECOVERED,
          SCHEDULE_PAUSED,
          CREDENTIAL_FAILING,
          APPROVAL_REQUESTED,
          APPROVAL_EXPIRING);

  private final String words;

  NoticeEvent(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }

  /** The name in JSON and in the database, such as {@code run.errors_in_a_row}. */
  @Override
  public String code() {
    return Coded.super.code().replaceFirst("_", ".");
  }
}
