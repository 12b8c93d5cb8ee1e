package dev.errand.runs.worker;

import dev.errand.base.database.Outage;
import dev.errand.base.json.Json;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.models.loop.ToolLoop;
import dev.errand.models.model.Assignment;
import dev.errand.models.model.Outcome;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.ClaimLostException;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.runs.run.archive.RunJournal;
import dev.errand.runs.run.watch.RunDeltas;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Takes one claimed run to its end. */
@ApplicationScoped
class RunExecutor {
  private static final Logger LOG = Logger.getLogger(RunExecutor.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Assignments assignments;
  private final ToolLoop loop;
  private final RunQueue queue;
  private final RunEntries entries;
  private final RunDeltas deltas;
  private final CutOff cutOff;
  private final Json json;
  private final RunObserver observer;

  RunExecutor(
      Assignments assignments,
      ToolLoop loop,
      RunQueue queue,
      RunEntries entries,
      RunDeltas deltas,
      CutOff cutOff,
      Json json,
      RunObserver observer) {
    this.assignments = assignments;
    this.loop = loop;
    this.queue = queue;
    this.entries = entries;
    this.deltas = deltas;
    this.cutOff = cutOff;
    this.json = json;
    this.observer = observer;
  }

  /** Runs it, for as long as the database lets it. */
  void execute(Claim claim) {
    execute(claim, () -> true);
  }

  /**
   * Runs it, as long as it is held.
   *
   * @param isHeld whether nobody else can have the run yet
   */
  void execute(Claim claim, BooleanSupplier isHeld) {
    execute(claim, isHeld, WorkBudget.ENDLESS, () -> {});
  }

  /**
   * Runs it. Interrupted, or no longer held, it hands the run back, to be gone on with from the
   * last entry.
   *
   * @param isHeld whether nobody else can have the run yet
   * @param budget is asked before each step; where it goes on no more, the run is handed back, too
   * @param ends is told when all is done but to write down what came of it
   */
  void execute(Claim claim, BooleanSupplier isHeld, WorkBudget budget, Runnable ends) {
    try (RunObserver.Attempt attempt = observer.begin(claim);
        RunRecorder recorder =
            new RunRecorder(
                claim,
                isHeld,
                budget::goesOn,
                new RunJournal(queue, claim),
                entries,
                deltas,
                json,
                attempt)) {
      work(claim, recorder, budget, ends, attempt);
    }
  }

  private void work(
      Claim claim,
      RunRecorder recorder,
      WorkBudget budget,
      Runnable ends,
      RunObserver.Attempt attempt) {
    try {
      Optional<Assignment> assignment = Outage.outlast(PATIENCE, () -> assignments.of(claim));
      if (assignment.isEmpty()) {
        recorder.fail("task_deleted", "The task was deleted before the run could begin.");
        return;
      }
      Optional<Outcome> outcome = outcome(assignment.get(), recorder, budget);
      if (outcome.isEmpty()) {
        cutOff(claim, attempt);
        return;
      }
      ends.run();
      recorder.end(outcome.get());
    } catch (InterruptedException e) {
      release(claim, attempt);
    } catch (ClaimLostException e) {
      attempt.ended(RunObserver.End.LOST, null);
      LOG.debugf("%s", e.getMessage());
    } catch (SealBrokenException e) {
      end(
          recorder,
          "key_refused",
          "The task's key can't be opened with this server's master key: put the task with its"
              + " settings.key again.");
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        release(claim, attempt);
        return;
      }
      if (Outage.isPassing(e)) {
        // The run is as good as before; only this worker could not go on with it.
        LOG.warnf("Run %d is handed back: %s", claim.runId(), e.getMessage());
        release(claim, attempt);
        return;
      }
      failInside(claim, recorder, e);
    } catch (StackOverflowError e) {
      // Left alone, it would be claimed again as soon as the lease runs out, and fail again.
      failInside(claim, recorder, e);
    }
  }

  /** What came of the run; nothing where a step of it was cut off because it took too long. */
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

  private static void failInside(Claim claim, RunRecorder recorder, Throwable why) {
    LOG.errorf(why, "Run %d failed inside", claim.runId());
    end(recorder, "internal", "Something failed inside Errand; its log tells more.");
  }

  private static void end(RunRecorder recorder, String code, String sentence) {
    try {
      recorder.fail(code, sentence);
    } catch (RuntimeException e) {
      // The lease runs out, and another worker goes on.
      LOG.warnf("A run's end could not be written: %s", e.getMessage());
    }
  }

  private void cutOff(Claim claim, RunObserver.Attempt attempt) {
    try {
      RunObserver.End end = cutOff.handBack(claim);
      attempt.ended(end, end == RunObserver.End.ERROR ? Rescuer.EXHAUSTED : CutOff.CODE);
    } catch (ClaimLostException e) {
      throw e;
    } catch (RuntimeException e) {
      // The lease runs out, which counts as much.
      attempt.ended(RunObserver.End.HANDED_BACK, CutOff.CODE);
      LOG.warnf("Run %d was cut off and not handed back: %s", claim.runId(), e.getMessage());
    }
  }

  private void release(Claim claim, RunObserver.Attempt attempt) {
    attempt.ended(RunObserver.End.HANDED_BACK, null);
    try {
      queue.release(List.of(claim));
    } catch (RuntimeException e) {
      LOG.debugf("Run %d was not handed back: %s", claim.runId(), e.getMessage());
    }
  }
}
