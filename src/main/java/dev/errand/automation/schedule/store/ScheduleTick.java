package dev.errand.automation.schedule.store;

import dev.errand.automation.schedule.store.Schedule.Pause;
import dev.errand.automation.schedule.store.Schedule.Standing;
import dev.errand.base.error.ApiException;
import dev.errand.runs.queue.RunOutcomes.Named;
import dev.errand.runs.queue.RunOutcomes.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one tick writes down about one schedule: its fires, and its failures in a row.
 *
 * <p>A failure is a run that ended as {@code error}, and a fire that could not start one for a
 * reason that will be there the next time too, such as a prompt whose parameters are missing. What
 * somebody wanted (a task that is disabled, a profile that is paused, a run that was cancelled or
 * may not overlap) and what passes by itself (a full queue) is none; a run that is ready ends the
 * row.
 */
public final class ScheduleTick {
  private static final int MOST_OPEN_RUNS = 100;
  private static final List<String> ENDED_BY_SOMEBODY = List.of("cancelled", "task_deleted");
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

  /**
   * Begins with what has become of the schedule's runs.
   *
   * @param pauseAfter after how many failures in a row it pauses itself
   * @param outcomes how far the runs have come; one that is not there any more counts for nothing
   */
  public ScheduleTick(
      Schedule schedule, Map<Named, Outcome> outcomes, Instant now, int pauseAfter) {
    this.schedule = schedule;
    this.now = now;
    this.pauseAfter = pauseAfter;
    this.failures = schedule.standing().failures();
    this.pause = schedule.standing().paused();
    for (String run : schedule.standing().openRuns()) {
      Outcome outcome = outcomes.get(new Named(schedule.taskId(), run));
      if (outcome != null) {
        count(run, outcome);
      }
    }
  }

  private void count(String run, Outcome outcome) {
    switch (outcome.status()) {
      case PENDING, RUNNING -> openRuns.add(run);
      case READY -> failures = 0;
      case ERROR -> {
        if (!ENDED_BY_SOMEBODY.contains(outcome.errorCode())) {
          fail("the run " + run + " ended with " + outcome.errorCode() + ".");
        }
      }
    }
  }

  private void fail(String sentence) {
    failures++;
    lastFailure = sentence;
  }

  /** Failures in a row so far. */
  public int failures() {
    return failures;
  }

  /** Whether it failed so often in a row that the schedule is to pause itself. */
  public boolean failedTooOften() {
    return failures >= pauseAfter;
  }

  /** Pauses the schedule for its failures. */
  public void pauseForFailures() {
    pause(
        "It paused itself after "
            + failures
            + (failures == 1 ? " failure" : " failures in a row")
            + "; the last: "
            + lastFailure);
  }

  /** Pauses the schedule for that reason, a sentence. */
  public void pause(String reason) {
    pause = new Pause(now, reason);
  }

  /** A run was started. */
  public void started(Instant time, String run, String detail) {
    decide(time, DecidedFire.STARTED, detail, run);
    openRuns.add(run);
  }

  /** No run was started, for nobody's fault. */
  public void passed(Instant time, String verdict, String detail, @Nullable String run) {
    decide(time, verdict, detail, run);
  }

  /** No run could be started. */
  public void refused(Instant time, ApiException why) {
    int status = why.code().status();
    String sentence = String.valueOf(why.getMessage());
    decide(time, why.code().code(), sentence, null);
    if (status != CONFLICT && status != TOO_MANY) {
      fail(sentence);
    }
  }

  private void decide(Instant time, String verdict, String detail, @Nullable String run) {
    long number = schedule.standing().fires() + fires.size() + 1;
    fires.add(new DecidedFire(schedule.id(), number, time, now, verdict, detail, run));
  }

  /** What was decided, in order. */
  public List<DecidedFire> fires() {
    return fires;
  }

  /**
   * The schedule as it stands now.
   *
   * @param next the first time that nothing is decided of
   */
  public Schedule goingOnWith(Optional<Instant> next) {
    int tooMany = Math.max(0, openRuns.size() - MOST_OPEN_RUNS);
    return schedule.with(
        new Standing(
            next.orElse(null),
            failures,
            List.copyOf(openRuns.subList(tooMany, openRuns.size())),
            pause,
            schedule.standing().fires() + fires.size()));
  }
}
