package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.IsoTime;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.queue.RunStatuses;
import dev.errand.runs.queue.RunStatuses.RunKey;
import dev.errand.runs.queue.RunStatuses.RunOutcome;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Explains why a time led to a run of a schedule, or why it did not. */
@ApplicationScoped
public class FireExplainer {
  private final ScheduleRows rows;
  private final FireRows fires;
  private final RunStatuses statuses;
  private final Standstills standstills;
  private final ScheduleConfig config;
  private final Clock clock;

  FireExplainer(
      ScheduleRows rows,
      FireRows fires,
      RunStatuses statuses,
      Standstills standstills,
      ScheduleConfig config,
      @DatabaseTime Clock clock) {
    this.rows = rows;
    this.fires = fires;
    this.statuses = statuses;
    this.standstills = standstills;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Why a time led to a run, or why it did not.
   *
   * @param verdict the verdict of the fire, or a code of {@link FireQuestion.Reason}
   * @param sentence the same for people
   * @param fire the stored fire that decided it, if any
   * @param run the name of the run; null where there is none
   * @param outcome the outcome of the run, if that exists
   * @param before the schedule's time before it; null where there is none
   * @param after the schedule's time after it; null where there is none
   */
  public record FireExplanation(
      Instant at,
      String verdict,
      String sentence,
      Optional<DecidedFire> fire,
      @Nullable String run,
      Optional<RunOutcome> outcome,
      @Nullable Instant before,
      @Nullable Instant after) {}

  /**
   * Explains a time of a schedule.
   *
   * @param text an instant, or a local time of the schedule's zone
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, or when it is no time
   */
  @Transactional
  FireExplanation explain(TaskSnapshot task, String name, String text) {
    Schedule schedule =
        rows.find(task.id(), name).orElseThrow(() -> ScheduleReader.notFound(task, name));
    Instant at = IsoTime.time("at", text, ZoneId.of(schedule.definition().timezone()));
    Optional<Fire> fire = schedule.timing().of(at);
    Instant time = fire.map(Fire::time).orElse(at);
    Instant due = fire.map(Fire::due).orElse(at);
    RunKey run = new RunKey(task.id(), schedule.runName(time));
    FireQuestion.Answer answer =
        new FireQuestion(
                schedule,
                at,
                fire.orElse(null),
                fires.of(schedule.id()),
                statuses.of(List.of(run)).containsKey(run),
                standstills.during(due, due.plus(config.grace())).stream().findFirst(),
                standstills.lastTick(),
                clock.instant(),
                config.grace())
            .answer();
    String started = answer.run();
    Optional<RunOutcome> outcome =
        started == null ? Optional.empty() : outcome(new RunKey(task.id(), started));
    return new FireExplanation(
        at,
        answer.verdict(),
        answer.sentence() + (started == null ? "" : ended(outcome)),
        answer.fire(),
        started,
        outcome,
        schedule
            .timing()
            .last(time)
            .map(Fire::time)
            .filter(before -> !before.isBefore(schedule.createdAt()))
            .orElse(null),
        schedule.timing().next(time).map(Fire::time).orElse(null));
  }

  /** A sentence about the end of the run; empty while it is live. */
  private static String ended(Optional<RunOutcome> run) {
    if (run.isEmpty()) {
      return " The run is no longer kept.";
    }
    return switch (run.get().status()) {
      case PENDING, RUNNING -> "";
      case READY -> " The run is done.";
      case ERROR -> " The run ended in error: " + run.get().errorCode() + ".";
    };
  }

  private Optional<RunOutcome> outcome(RunKey run) {
    return Optional.ofNullable(statuses.of(List.of(run)).get(run));
  }
}
