package dev.errand.runs.worker;

import dev.errand.runs.approval.ApprovalQuestions;
import dev.errand.runs.budget.BudgetLedger;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.live.DeltaPublisher;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.rate.RateLine;
import jakarta.inject.Singleton;

/** Opens the recorders of claimed runs. */
@Singleton
class RunRecorders {
  private final RunQueue queue;
  private final RunEntryCodec entries;
  private final DeltaPublisher deltas;
  private final ApprovalQuestions approvals;
  private final BudgetLedger budgets;
  private final RateLine rates;

  RunRecorders(
      RunQueue queue,
      RunEntryCodec entries,
      DeltaPublisher deltas,
      ApprovalQuestions approvals,
      BudgetLedger budgets,
      RateLine rates) {
    this.queue = queue;
    this.entries = entries;
    this.deltas = deltas;
    this.approvals = approvals;
    this.budgets = budgets;
    this.rates = rates;
  }

  RunRecorder open(Claim claim, Holding holding, RunObserver.Attempt attempt) {
    RunJournal journal = new RunJournal(queue, claim);
    return new RunRecorder(
        claim,
        holding,
        journal,
        entries,
        deltas,
        approvals,
        budgets.of(claim, journal::settles),
        rates.of(claim),
        attempt);
  }
}
