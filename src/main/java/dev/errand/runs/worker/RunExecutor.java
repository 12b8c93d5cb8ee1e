package dev.errand.runs.worker;

import dev.errand.base.database.Outage;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.models.loop.ToolLoop;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.live.DeltaPublisher;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.worker.Assignments.Assigned;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Executes one claimed run, to its end or until it must return to the queue. */
@Singleton
class RunExecutor {
  private static final Logger LOG = Logger.getLogger(RunExecutor.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final RunWarning DROPPED =
      new RunWarning.Noted(
          WarningCode.THINKING_DROPPED,
          "What the model thought before the retry is not sent to it any more: it is bound to the"
              + " model, the system text and the tools of before.");

  private final Assignments assignments;
  private final ToolLoop loop;
  private final RunQueue queue;
  private final RunRecorders recorders;
  private final DeltaPublisher deltas;
  private final RunRequeuer requeuer;
  private final RunObserver observer;

  RunExecutor(
      Assignments assignments,
      ToolLoop loop,
      RunQueue queue,
      RunRecorders recorders,
      DeltaPublisher deltas,
      RunRequeuer requeuer,
      RunObserver observer) {
    this.assignments = assignments;
    this.loop = loop;
    this.queue = queue;
    this.recorders = recorders;
    this.deltas = deltas;
    this.requeuer = requeuer;
    this.observer = observer;
  }

  /**
   * Executes a run. When the thread is interrupted or the lease has ended, the run returns to the
   * queue and continues from its last entry.
   */
  void execute(Claim claim, Holding holding) {
    try (RunObserver.Attempt attempt = observer.begin(claim);
        RunRecorder recorder = recorders.open(claim, holding, attempt)) {
      work(claim, recorder, holding, attempt);
    } finally {
      deltas.over(claim.runId());
    }
  }

  private void work(
      Claim claim, RunRecorder recorder, Holding holding, RunObserver.Attempt attempt) {
    try {
      long changes = recorder.spending().changesBefore();
      long rateChanges = recorder.pace().changesBefore();
      Optional<Assigned> assigned = read(claim);
      if (assigned.isEmpty()) {
        recorder.fail(RunError.TASK_DELETED, "The task was deleted before the run could begin.");
        return;
      }
      Assignment assignment = assigned.get().assignment();
      holding.place().holds(assigned.get().characters());
      recorder.begin(assigned.get().settings(), assigned.get().tools());
      recorder.spending().begin(assigned.get().isBudgeted(), changes);
      recorder.pace().begin(assignment, assigned.get().rate(), assignments::rate, rateChanges);
      if (assigned.get().isCut()) {
        recorder.warning(DROPPED, assignment.usage());
      }
      Optional<String> lacking = assignment.toolbox().prepare();
      if (lacking.isPresent()) {
        // Without its tools, calling the model would only cost money.
        recorder.fail(RunError.CREDENTIAL_EXPIRED, lacking.get());
        return;
      }
      Optional<Outcome> outcome = outcome(assignment, recorder, holding.budget());
      if (outcome.isEmpty()) {
        cutOff(claim, attempt);
        return;
      }
      holding.ends();
      if (!requeuer.putOff(claim, assigned.get().laterTries(), outcome.get(), recorder)) {
        recorder.end(outcome.get());
      }
    } catch (InterruptedException e) {
      release(claim, attempt);
    } catch (ClaimLostException e) {
      attempt.ended(RunObserver.End.LOST, null);
      LOG.debugf("%s", e.getMessage());
    } catch (Assignments.UnusableSettingsException e) {
      LOG.warnf(
          "Run %d is left to a worker of another version, which can use its %s.",
          claim.runId(), e.settings());
      passOn(claim, recorder, RunRequeuer.Lack.ofVersion(e.settings()));
    } catch (SealBrokenException e) {
      if (e.isOfUnknownKey()) {
        // While the master key is being changed, other processes may have one that this one does
        // not have.
        LOG.errorf(
            "The key of run %d is sealed with a master key that this process does not have: start"
                + " it with the keys that the others have, in ERRAND_SECRET_KEY and"
                + " ERRAND_SECRET_PREVIOUS_KEYS.",
            claim.runId());
        passOn(claim, recorder, RunRequeuer.Lack.OF_MASTER_KEY);
        return;
      }
      end(
          recorder,
          RunError.KEY_REFUSED,
          "The key can't be opened, because its stored value or the address that it is for was"
              + " altered: send a PUT of the task or its provider with settings.key.");
    } catch (TaskKeys.KeyOfOtherServerException e) {
      end(
          recorder,
          RunError.KEY_REFUSED,
          "The task has another server than when the run was started, and its key is not sent to"
              + " another one: retry the run.");
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        release(claim, attempt);
        return;
      }
      if (Outage.isPassing(e)) {
        // The run is unharmed; only this worker could not continue.
        LOG.warnf("Run %d returns to the queue: %s", claim.runId(), e.getMessage());
        release(claim, attempt);
        return;
      }
      failInside(claim, recorder, e);
    } catch (StackOverflowError e) {
      // If the run is not ended, it would be claimed again when the lease expires, and fail again.
      failInside(claim, recorder, e);
    }
  }

  private Optional<Assigned> read(Claim claim) throws InterruptedException {
    return Outage.outlast(PATIENCE, () -> assignments.of(claim));
  }

  /** The outcome of the run; empty if a step was cut off at the end of the budget. */
  private Optional<Outcome> outcome(Assignment assignment, RunRecorder recorder, WorkBudget budget)
      throws InterruptedException {
    try {
      return Optional.of(loop.run(assignment, recorder));
    } catch (InterruptedException e) {
      if (budget.isSpent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void passOn(Claim claim, RunRecorder recorder, RunRequeuer.Lack lack) {
    quietly(() -> requeuer.passOn(claim, recorder, assignments.deadline(claim), lack));
  }

  private static void failInside(Claim claim, RunRecorder recorder, Throwable why) {
    LOG.errorf(why, "Run %d failed by an internal error", claim.runId());
    end(
        recorder,
        RunError.INTERNAL,
        "An internal error of Errand ended the run; the server's log says more.");
  }

  private static void end(RunRecorder recorder, RunError error, String sentence) {
    quietly(() -> recorder.fail(error, sentence));
  }

  private static void quietly(Runnable last) {
    try {
      last.run();
    } catch (RuntimeException e) {
      // The lease expires, and another worker continues.
      LOG.warnf("A run's end could not be written: %s", e.getMessage());
    }
  }

  private void cutOff(Claim claim, RunObserver.Attempt attempt) {
    try {
      RunObserver.End end = requeuer.handBack(claim);
      attempt.warned(WarningCode.BUDGET_SPENT.code());
      attempt.ended(
          end,
          end == RunObserver.End.ERROR
              ? RunError.ATTEMPTS_EXHAUSTED.code()
              : WarningCode.BUDGET_SPENT.code());
    } catch (ClaimLostException e) {
      throw e;
    } catch (RuntimeException e) {
      // The lease expires, which counts the same.
      attempt.ended(RunObserver.End.HANDED_BACK, WarningCode.BUDGET_SPENT.code());
      LOG.warnf(
          "Run %d was cut off and could not return to the queue: %s",
          claim.runId(), e.getMessage());
    }
  }

  private void release(Claim claim, RunObserver.Attempt attempt) {
    attempt.ended(RunObserver.End.HANDED_BACK, null);
    try {
      queue.release(List.of(claim));
    } catch (RuntimeException e) {
      LOG.debugf("Run %d could not return to the queue: %s", claim.runId(), e.getMessage());
    }
  }
}
