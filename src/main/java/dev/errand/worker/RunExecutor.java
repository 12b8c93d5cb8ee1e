package dev.errand.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.error.Outage;
import dev.errand.run.Claim;
import dev.errand.run.ClaimLostException;
import dev.errand.run.RunDeltas;
import dev.errand.run.RunEntries;
import dev.errand.run.RunJournal;
import dev.errand.run.RunQueue;
import dev.errand.runner.Assignment;
import dev.errand.runner.Outcome;
import dev.errand.runner.openai.OpenAiRunner;
import dev.errand.runner.openai.OpenAiSettings;
import dev.errand.secret.SealBrokenException;
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
  private final OpenAiRunner runner;
  private final RunQueue queue;
  private final RunEntries entries;
  private final RunDeltas deltas;
  private final ObjectMapper json;
  private final Onlooker onlooker;

  RunExecutor(
      Assignments assignments,
      OpenAiRunner runner,
      RunQueue queue,
      RunEntries entries,
      RunDeltas deltas,
      ObjectMapper json,
      Onlooker onlooker) {
    this.assignments = assignments;
    this.runner = runner;
    this.queue = queue;
    this.entries = entries;
    this.deltas = deltas;
    this.json = json;
    this.onlooker = onlooker;
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
    execute(claim, isHeld, () -> true, () -> {});
  }

  /**
   * Runs it. Interrupted, or no longer held, it hands the run back, to be gone on with from the
   * last entry.
   *
   * @param isHeld whether nobody else can have the run yet
   * @param goesOn is asked before each step; where it says no, the run is handed back, too
   * @param ends is told when all is done but to write down what came of it
   */
  void execute(Claim claim, BooleanSupplier isHeld, BooleanSupplier goesOn, Runnable ends) {
    try (Onlooker.Attempt attempt = onlooker.begin(claim)) {
      RunRecorder recorder =
          new RunRecorder(
              claim, isHeld, goesOn, new RunJournal(queue, claim), entries, deltas, json, attempt);
      work(claim, recorder, ends, attempt);
    }
  }

  private void work(Claim claim, RunRecorder recorder, Runnable ends, Onlooker.Attempt attempt) {
    try {
      Optional<Assignment<OpenAiSettings>> assignment =
          Outage.outlast(PATIENCE, () -> assignments.of(claim));
      if (assignment.isEmpty()) {
        recorder.fail("task_deleted", "The task was deleted before the run could begin.");
        return;
      }
      Outcome outcome = runner.run(assignment.get(), recorder);
      ends.run();
      recorder.end(outcome);
    } catch (InterruptedException e) {
      release(claim, attempt);
    } catch (ClaimLostException e) {
      attempt.ended(Onlooker.End.LOST, null);
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
      if (Outage.isBehind(e)) {
        // The run is as good as before; only this worker could not go on with it.
        LOG.warnf("Run %d is handed back: %s", claim.runId(), e.getMessage());
        release(claim, attempt);
        return;
      }
      failInside(claim, recorder, e);
    } catch (StackOverflowError | OutOfMemoryError e) {
      // Left alone, it would be claimed again as soon as the lease runs out, and fail again.
      failInside(claim, recorder, e);
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

  private void release(Claim claim, Onlooker.Attempt attempt) {
    attempt.ended(Onlooker.End.HANDED_BACK, null);
    try {
      queue.release(List.of(claim));
    } catch (RuntimeException e) {
      LOG.debugf("Run %d was not handed back: %s", claim.runId(), e.getMessage());
    }
  }
}
