package dev.errand.runs.approval;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.json.Json;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.task.TaskSettings;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the questions about tool calls of claimed runs, for their workers. */
@Singleton
public class ApprovalQuestions {
  private final ApprovalStore store;
  private final RunEntryCodec entries;
  private final Json json;
  private final ApprovalEvents events;
  private final Clock clock;

  ApprovalQuestions(
      ApprovalStore store,
      RunEntryCodec entries,
      Json json,
      ApprovalEvents events,
      @DatabaseTime Clock clock) {
    this.store = store;
    this.entries = entries;
    this.json = json;
    this.events = events;
    this.clock = clock;
  }

  /**
   * What was decided about the calls of a run, and what its worker asks.
   *
   * @param settings those that were fixed when the run started
   * @param definitions the address of the definitions of the run's tools; null for none
   */
  public RunApprovals of(
      Claim claim, RunJournal journal, TaskSettings settings, @Nullable String definitions) {
    return new RunApprovals(
        claim, journal, this, settings.timeToApprove(), settings.onApprovalExpiry(), definitions);
  }

  ApprovalStore store() {
    return store;
  }

  RunEntryCodec entries() {
    return entries;
  }

  Json json() {
    return json;
  }

  Clock clock() {
    return clock;
  }

  /** Tells of new questions, in the transaction that adds them. */
  void requested(
      Claim claim, List<ApprovalStore.NewQuestion> asked, Instant at, Instant expiresAt) {
    events.raise(
        EventKind.APPROVAL_REQUESTED,
        at,
        asked.stream()
            .map(
                one ->
                    new ApprovalEvents.Question(
                        one.id(),
                        claim.runId(),
                        claim.taskId(),
                        claim.name(),
                        one.tool(),
                        one.mayHaveRun(),
                        at,
                        expiresAt,
                        one.expiry()))
            .toList());
  }
}
