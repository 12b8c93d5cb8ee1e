package dev.errand.runs.worker;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.limit.ElapsedTime;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.task.LaterTries;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Returns runs to the queue after a step was cut off at the end of an event's time budget. The step
 * is repeated and most likely takes as long again, so a cut counts like the loss of a worker. Also
 * returns runs whose key this process can't open, or whose settings it can't use, since another
 * process may, and runs that are tried again later.
 */
@ApplicationScoped
class RunRequeuer {
  // A run that no worker can continue is retried at growing intervals.
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int TIMES_THE_WAIT = 4;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String REMEDY =
      " Raise ERRAND_WORKER_BUDGET, half of which is guaranteed to every step, or make the step"
          + " take less time.";

  private final RunControl control;
  private final RunEntryCodec entries;
  private final WorkerConfig config;
  private final Clock clock;
  private final Clock scheduleClock;

  RunRequeuer(
      RunControl control,
      RunEntryCodec entries,
      WorkerConfig config,
      @ElapsedTime Clock clock,
      @DatabaseTime Clock scheduleClock) {
    this.control = control;
    this.entries = entries;
    this.config = config;
    this.clock = clock;
    this.scheduleClock = scheduleClock;
  }

  /**
   * Returns a run to the queue for a later try, if its model can't be reached and it has one left.
   *
   * @param later its later tries; null for none
   * @return whether it was put off
   * @throws dev.errand.runs.queue.ClaimLostException when the run is no longer held by this claim
   */
  boolean putOff(Claim claim, @Nullable LaterTries later, Outcome outcome, RunRecorder recorder) {
    if (later == null
        || !(outcome instanceof Outcome.Failed failed)
        || failed.failure() != RunError.MODEL_UNAVAILABLE
        || !failed.mayPass()) {
      return false;
    }
    Instant now = scheduleClock.instant();
    Optional<Duration> wait =
        later.waitAfter(claim.laterTries(), now, ThreadLocalRandom.current().nextDouble());
    wait.ifPresent(
        delay ->
            recorder.putOff(
                delay,
                failed.sentence() + " The next try is at " + MINUTE.format(now.plus(delay)) + ".",
                failed.usage()));
    return wait.isPresent();
  }

  /**
   * Records the cut and returns the run to the queue, or ends it after too many cuts.
   *
   * @return how the attempt ended
   * @throws dev.errand.runs.queue.ClaimLostException when the run is no longer held by this claim
   */
  RunObserver.End handBack(Claim claim) {
    NewEntries entry =
        entries.write(
            List.of(
                new RunEntry.Warning(
                    WarningCode.BUDGET_SPENT.code(),
                    "A step took longer than the time budget of one event; it was cut off and is"
                        + " repeated."
                        + REMEDY)));
    RunEnd end =
        RunEnd.failed(
            entries,
            RunError.ATTEMPTS_EXHAUSTED,
            "A step of the run was cut off because it took too long, or the run's worker was lost, "
                + (config.maxLosses() + 1)
                + " times without progress."
                + REMEDY);
    return control.cutOff(claim, config.maxLosses(), entry, end)
        ? RunObserver.End.HANDED_BACK
        : RunObserver.End.ERROR;
  }

  /**
   * What this process lacks for a run, and another one may have.
   *
   * @param error why the run fails if no worker has it in time
   */
  record Lack(RunError error, String passedOn, String timeUp) {
    static final Lack OF_MASTER_KEY =
        new Lack(
            RunError.KEY_REFUSED,
            "A worker does not have the master key that sealed the run's key, and leaves the run to"
                + " another one.",
            "The run's time was up before a worker had the master key that sealed its key: name it"
                + " in ERRAND_SECRET_PREVIOUS_KEYS. If it is lost, send a PUT of the task or its"
                + " provider with settings.key.");

    static Lack ofVersion(String settings) {
      return new Lack(
          RunError.MODEL_UNAVAILABLE,
          "A worker of another version can't use the run's "
              + settings
              + ", and leaves the run to another worker.",
          "The run's time was up before a worker could use its "
              + settings
              + ", which another version stored. Start processes of that version, or register the"
              + " task again, and retry the run.");
    }
  }

  /**
   * Returns a run to the queue for which this process lacks something, or ends it where its time is
   * up.
   *
   * @param deadline when it is up, by the elapsed clock
   * @throws dev.errand.runs.queue.ClaimLostException when the run is no longer held by this claim
   */
  void passOn(Claim claim, RunRecorder recorder, Instant deadline, Lack lack) {
    Instant now = clock.instant();
    if (now.isBefore(deadline)) {
      recorder.giveBack(
          waitAfter(Duration.between(claim.began(), now)), lack.error(), lack.passedOn());
    } else {
      recorder.fail(lack.error(), lack.timeUp());
    }
  }

  private static Duration waitAfter(Duration sinceItBegan) {
    Duration wait = sinceItBegan.dividedBy(TIMES_THE_WAIT);
    if (wait.compareTo(SHORTEST_WAIT) < 0) {
      return SHORTEST_WAIT;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
