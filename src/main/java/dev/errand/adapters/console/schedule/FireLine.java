package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunWords;
import dev.errand.adapters.console.page.ShownCause;
import dev.errand.automation.schedule.DecidedFire;
import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.queue.RunStatuses.RunByHand;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fire of a schedule, or a run of it that was started by hand, for people.
 *
 * @param anchor the id of its line
 * @param time the time that it was for
 * @param status the status of its run, or its outcome without one
 * @param mark the mark of that status
 * @param code the code of an error; null for none
 * @param nextTry when its run is tried again; null where it does not wait for that
 * @param detail a sentence
 * @param run the name of its run; null where there is none
 * @param runAddress the run's page; null where there is none
 */
public record FireLine(
    String anchor,
    PageTime time,
    String status,
    Mark mark,
    @Nullable String code,
    @Nullable PageTime nextTry,
    String detail,
    @Nullable String run,
    @Nullable String runAddress) {
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
        "fire-" + fire.number(),
        PageTime.of(fire.scheduledFor()),
        status,
        outcome
            .map(ended -> RunWords.mark(ended.status(), ended.errorCode(), ended.warnings()))
            .orElse(Mark.SKIPPED),
        outcome.map(RunOutcome::errorCode).orElse(isWord ? null : fire.verdict()),
        PageTime.orNull(outcome.map(RunOutcome::nextTry).orElse(null)),
        fire.detail(),
        run,
        // A run that was removed has no page.
        run == null || outcome.isEmpty() ? null : PagePaths.run(home, task, run));
  }

  /**
   * A run that was started by hand.
   *
   * @param home the address of the home of its profile
   * @param task the name of its task
   */
  static FireLine of(RunByHand run, String home, String task) {
    RunOutcome outcome = run.outcome();
    return new FireLine(
        "by-hand-" + run.createdAt().toEpochMilli(),
        PageTime.of(run.createdAt()),
        RunWords.word(outcome.status(), outcome.errorCode()),
        RunWords.mark(outcome.status(), outcome.errorCode(), outcome.warnings()),
        outcome.errorCode(),
        null,
        "Run now" + ShownCause.by(run.cause()) + ".",
        run.name(),
        PagePaths.run(home, task, run.name()));
  }

  /**
   * The newest fires and runs that were started by hand, in the order in which they were decided.
   */
  static List<FireLine> newest(
      List<FireDetails> fires, List<RunByHand> byHand, String home, String task) {
    return Stream.concat(
            byHand.stream().map(run -> new Decided(run.createdAt(), of(run, home, task))),
            fires.stream().map(fire -> new Decided(fire.fire().decidedAt(), of(fire, home, task))))
        .sorted(Comparator.comparing(Decided::at).reversed())
        .map(Decided::line)
        .toList();
  }

  /** A line with the time by which it is sorted. */
  private record Decided(Instant at, FireLine line) {}
}
