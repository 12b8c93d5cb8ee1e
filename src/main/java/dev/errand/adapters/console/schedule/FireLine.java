package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunWords;
import dev.errand.automation.schedule.DecidedFire;
import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fire of a schedule, for people.
 *
 * @param number its number in the schedule
 * @param time the time that it was for
 * @param status the status of its run, or its outcome without one
 * @param mark the CSS class of that status
 * @param code the code of an error; null for none
 * @param nextTry when its run is tried again; null where it does not wait for that
 * @param detail a sentence
 * @param run the name of its run; null where there is none
 * @param runAddress the run's page; null where there is none
 */
public record FireLine(
    long number,
    PageTime time,
    String status,
    String mark,
    @Nullable String code,
    @Nullable PageTime nextTry,
    String detail,
    @Nullable String run,
    @Nullable String runAddress) {
  /** The CSS class of a fire without a run. */
  static final String SKIPPED = "skipped";

  private static final Set<String> WORDS =
      Set.of(DecidedFire.STARTED, DecidedFire.KNOWN, DecidedFire.MISSED, DecidedFire.PAUSED);

  /**
   * A fire.
   *
   * @param home the address of the home of its profile
   * @param task the name of its task
   */
  static FireLine of(FireDetails details, String home, String task) {
    DecidedFire fire = details.fire();
    Optional<RunOutcome> outcome = details.outcome();
    String run = fire.runName();
    boolean isWord = WORDS.contains(fire.verdict());
    String status =
        outcome
            .map(ended -> RunWords.word(ended.status(), ended.errorCode()))
            .orElse(isWord ? fire.verdict() : "not started");
    return new FireLine(
        fire.number(),
        PageTime.of(fire.scheduledFor()),
        status,
        outcome
            .map(ended -> RunWords.mark(ended.status(), ended.errorCode(), ended.warnings()))
            .orElse(SKIPPED),
        outcome.map(RunOutcome::errorCode).orElse(isWord ? null : fire.verdict()),
        PageTime.orNull(outcome.map(RunOutcome::nextTry).orElse(null)),
        fire.detail(),
        run,
        // A run that was removed has no page.
        run == null || outcome.isEmpty() ? null : PagePaths.run(home, task, run));
  }
}
