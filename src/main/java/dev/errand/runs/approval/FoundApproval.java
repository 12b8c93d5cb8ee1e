package dev.errand.runs.approval;

import dev.errand.base.database.Row;
import dev.errand.runs.queue.RunStatus;
import java.util.UUID;

/**
 * A question about a tool call, with the run that it is of.
 *
 * @param isLive whether the run has not ended
 */
public record FoundApproval(
    StoredApproval approval, UUID taskId, String task, String run, boolean isLive) {
  static FoundApproval of(Row row) {
    return of(row, StoredApproval.of(row));
  }

  static FoundApproval listed(Row row) {
    return of(row, StoredApproval.listed(row));
  }

  private static FoundApproval of(Row row, StoredApproval approval) {
    return new FoundApproval(
        approval,
        row.id("task_id"),
        row.text("task"),
        row.text("run"),
        !RunStatus.of(row.text("run_status")).isEnd());
  }
}
