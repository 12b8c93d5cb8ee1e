package dev.errand.runs.lifecycle;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.task.TaskDeletion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Observes the deletion of a task: ends its live runs, or refuses the deletion without force. */
@ApplicationScoped
class RunsOfDeletedTasks {
  private final RunControl runs;
  private final RunEntryCodec entries;

  RunsOfDeletedTasks(RunControl runs, RunEntryCodec entries) {
    this.runs = runs;
    this.entries = entries;
  }

  void on(@Observes TaskDeletion deletion) {
    long live = runs.live(deletion.taskId());
    if (live == 0) {
      return;
    }
    if (!deletion.force()) {
      throw new ApiException(
          ErrorCode.TASK_HAS_LIVE_RUNS,
          "The task "
              + deletion.name()
              + " has "
              + live
              + " runs that have not ended: wait for them, or delete it with ?force=true, which"
              + " ends them.");
    }
    runs.endAll(
        deletion.taskId(),
        RunEnd.failed(
            entries, RunError.TASK_DELETED, "The task was deleted while the run was live."));
  }
}
