package dev.errand.runs.approval;

import dev.errand.identity.user.UserDisabled;
import dev.errand.models.port.RunError;
import dev.errand.runs.approval.ApprovalStore.WaitingRun;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.tools.port.InstallationGone;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Cancels questions that nobody has to answer any more, in the transaction that makes it so. */
@ApplicationScoped
class ApprovalCancellations {
  private final ApprovalStore store;
  private final RunControl control;
  private final RunEntryCodec entries;

  ApprovalCancellations(ApprovalStore store, RunControl control, RunEntryCodec entries) {
    this.store = store;
    this.control = control;
    this.entries = entries;
  }

  /** The runs look again: nobody has to decide about tools that are gone. */
  void look(@Observes InstallationGone gone) {
    control.wake(store.runsOf(gone.installationId()));
  }

  /**
   * The runs end, which cancels their questions: nobody starts runs of the user's tasks, either.
   */
  void end(@Observes UserDisabled user) {
    if (user.before()) {
      return;
    }
    for (WaitingRun run : store.waitingOfUser(user.id())) {
      control.end(
          run.taskId(),
          run.name(),
          RunEnd.failed(
              entries,
              RunError.CANCELLED,
              "The run waited for a person, and the user who owns its task was disabled: an admin"
                  + " can enable the user, and the run can be retried."));
    }
  }
}
