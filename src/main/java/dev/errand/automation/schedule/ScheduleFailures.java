package dev.errand.automation.schedule;

import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.Schedule.State;
import dev.errand.base.error.ApiException;
import dev.errand.models.port.RunError;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one schedule in a row, after too many of which it pauses itself, and the fires
 * that one tick decides for it.
 *
 * <p>A failure is a run that ended as {@code error}, or a fire that could not start a run for a
 * lasting reason, such as missing parameters. Deliberate states (a disabled task, a paused profile,
 * a cancelled or overlapping run) and temporary ones (a full queue) are not failures. A run that
 * ends as ready resets the count.
 */
public final class ScheduleFailures {
  private static final int MOST_OPEN_RUNS = 100;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;

  private final Schedule schedule;
  private final Instant now;
  private final int pauseAfter;
  private final List<DecidedFire> fires = new ArrayList<>();
  private final List<String> openRuns = new ArrayList<>();
  private int failures;
  private String lastFailure = "";
  private @Nullable Pause pause;
  private @Nullable MissedTimes missed;

  /**
   * Times that passed without a run, because nothing handled them in time.
   *
   * @param atLeast how many, or a lower bound
   */
  record MissedTimes(Instant first, int atLeast, String sentence) {}

  /**
   * Begins a tick by counting the outcomes of the schedule's open runs.
   *
   * @param outcomes the outcomes of runs; a run that was removed is ignored
   */
  public ScheduleFailures(
      Schedule schedule, Map<RunKey, RunOutcome> outcomes, Instant now, int pauseAfter) {
    this.schedule = schedule;
    this.now = now;
    this.pauseAfter = pauseAfter;
    this.failures = schedule.state().failures();
    for (String run : schedule.state().openRuns()) {
      RunOutcome outcome = outcomes.get(new RunKey(schedule.taskId(), run));
      if (outcome != null) {
        count(run, outcome);
      }
    }
  }

  private void count(String run, RunOutcome outcome) {
    switch (outcome.status()) {
      case PENDING, RUNNING -> openRuns.add(run);
      case READY -> failures = 0;
      case ERROR -> {
        if (!RunError.of(outcome.errorCode()).map(RunError::isOnPurpose).orElse(false)) {
          fail("the run " + run + " ended with " + outcome.errorCode() + ".");
        }
      }
    }
  }

  private void fail(String sentence) {
    failures++;
    lastFailure = sentence;
  }

  public int failures() {
    return failures;
  }

  /** Whether the schedule must pause itself because of its failures. */
  public boolean failedTooOften() {
    return failures >= pauseAfter;
  }

  public void pauseForFailures() {
    pause(
        "It paused itself after "
            + failures
            + (failures == 1 ? " failure" : " failures in a row")
            + "; the last: "
            + lastFailure);
  }

  /** Pauses the schedule for a reason, a sentence. */
  public void pause(String reason) {
    pause = new Pause(now, reason);
  }

  public void started(Instant time, String run, String detail) {
    decide(time, DecidedFire.STARTED, detail, run);
    openRuns.add(run);
  }

  void missed(MissedTimes times) {
    missed = times;
    passed(times.first, DecidedFire.MISSED, times.sentence, null);
  }

  /** Records that no run was started, which is not a failure. */
  public void passed(Instant time, String verdict, String detail, @Nullable String run) {
    decide(time, verdict, detail, run);
  }

  /** Records that no run could be started. */
  public void refused(Instant time, ApiException why) {
    int status = why.code().status();
    String sentence = String.valueOf(why.getMessage());
    decide(time, why.code().code(), sentence, null);
    if (status != CONFLICT && status != TOO_MANY) {
      fail(sentence);
    }
  }

  private void decide(Instant time, String verdict, String detail, @Nullable String run) {
    long number = schedule.state().fires() + fires.size() + 1;
    fires.add(new DecidedFire(schedule.id(), number, time, now, verdict, detail, run));
  }

  Instant now() {
    return now;
  }

  /** The times that this tick decided as missed. */
  Optional<MissedTimes> missed() {
    return Optional.ofNullable(missed);
  }

  /** The pause that this tick decided. */
  Optional<Pause> pause() {
    return Optional.ofNullable(pause);
  }

  public List<DecidedFire> fires() {
    return fires;
  }

  public Schedule goingOnWith(Optional<Instant> next) {
    int tooMany = Math.max(0, openRuns.size() - MOST_OPEN_RUNS);
    return schedule.withState(
        new State(
            next.orElse(null),
            failures,
            List.copyOf(openRuns.subList(tooMany, openRuns.size())),
            pause == null ? schedule.state().paused() : pause,
            schedule.state().fires() + fires.size()));
  }
}
