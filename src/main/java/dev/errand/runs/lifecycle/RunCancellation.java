package dev.errand.runs.lifecycle;

import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;

@ApplicationScoped
class RunCancellation {
  private final RunArchive archive;
  private final RunControl control;
  private final RunEntryCodec entries;
  private final Audit audit;

  RunCancellation(RunArchive archive, RunControl control, RunEntryCodec entries, Audit audit) {
    this.archive = archive;
    this.control = control;
    this.entries = entries;
    this.audit = audit;
  }

  /**
   * Cancels a run, which keeps its entries; a run that has ended stays as it is.
   *
   * @return the run after that
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#RUN_NOT_FOUND} or {@link
   *     dev.errand.base.error.ErrorCode#RUN_GONE}
   */
  @Transactional
  Run cancel(Caller caller, TaskSnapshot task, String name) {
    Run before = archive.require(task, name);
    if (!before.status().isEnd()) {
      control.end(
          task.id(), name, RunEnd.failed(entries, RunError.CANCELLED, "The run was cancelled."));
    }
    Run after = archive.require(task, name);
    audit.record(
        caller,
        AuditAction.RUN_CANCELLED,
        path(task, after),
        shown(before.status()),
        shown(after.status()));
    return after;
  }

  static String path(TaskSnapshot task, Run run) {
    return task.path() + "/runs/" + run.name();
  }

  /** A run's values in the audit. */
  static Map<String, String> shown(RunStatus status) {
    return Map.of("status", status.code());
  }
}
