package dev.errand.automation.schedule;

import dev.errand.automation.schedule.Schedule.Pause;
import dev.errand.automation.schedule.Standstills.Standstill;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.json.Coded;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The question why a schedule fired at a time, or why it did not, with all that is known of it.
 *
 * @param fire the schedule's fire at that time, by its present rule; null where it has none
 * @param stored the stored fires of the schedule, newest first
 * @param hasRun whether there is a run with the name that a fire of that time gives it
 * @param standstill the standstill in which the time was due, if any
 * @param lastTick when due schedules were last looked for, if ever
 * @param grace how late a fire may be before it counts as missed
 */
record FireQuestion(
    Schedule schedule,
    Instant at,
    @Nullable Fire fire,
    List<DecidedFire> stored,
    boolean hasRun,
    Optional<Standstill> standstill,
    Optional<Instant> lastTick,
    Instant now,
    Duration grace) {

  /** The reasons that no fire has as its verdict. */
  enum Reason implements Coded {
    /** The time is in the future, and the schedule will fire. */
    SCHEDULED,
    /** The time is only just due. */
    UNDECIDED,
    /** No process looked for due schedules. */
    NO_PROCESS,
    /** The database's clock was changed, or its machine slept. */
    CLOCK_CHANGED,
    DISABLED,
    /** The schedule did not exist yet. */
    NOT_CREATED,
    /** The schedule was changed since, and what it was then is not known. */
    CHANGED_SINCE,
    /** Only newer fires are kept. */
    TOO_LONG_AGO,
    NOT_A_TIME,
    /** The wall clock left the time out. */
    DST_GAP,
    /** The wall clock showed the time before, and the schedule fires once. */
    DST_OVERLAP,
    UNKNOWN
  }

  /**
   * The answer.
   *
   * @param verdict that of the fire, or the code of a {@link Reason}
   * @param fire the stored fire that decided the time, if any
   * @param run the name of the run; null where there is none
   */
  record Answer(
      String verdict, String sentence, Optional<DecidedFire> fire, @Nullable String run) {}

  Answer answer() {
    Instant time = fire == null ? at : fire.time();
    Optional<DecidedFire> own = ofTime(time);
    if (own.isPresent()) {
      return decided(own.get());
    }
    if (hasRun) {
      String run = schedule.runName(time);
      return new Answer(
          DecidedFire.STARTED,
          "The run " + run + " was started. Of the schedule's times, only the newest are kept.",
          Optional.empty(),
          run);
    }
    if (at.isBefore(schedule.createdAt())) {
      return because(
          Reason.NOT_CREATED,
          "The schedule did not exist then: it was created at " + words(schedule.createdAt()));
    }
    return fire == null ? notATime() : undecided(fire);
  }

  // A time that comes again, or that a pause kept waiting, has several. One that was skipped while
  // the clock was ahead is still to come.
  private Optional<DecidedFire> ofTime(Instant time) {
    Instant next = schedule.state().nextTime();
    boolean isToCome = next != null && !time.isBefore(next);
    List<DecidedFire> own =
        stored.stream()
            .filter(of -> of.scheduledFor().equals(time))
            .filter(of -> !isToCome || !of.verdict().equals(DecidedFire.MISSED))
            .toList();
    return own.stream()
        .filter(of -> of.verdict().equals(DecidedFire.STARTED))
        .findFirst()
        .or(() -> own.stream().findFirst());
  }

  private Answer decided(DecidedFire decided) {
    String detail = decided.detail();
    return switch (decided.verdict()) {
      case DecidedFire.STARTED ->
          answer(
              decided,
              decided.verdict(),
              clockChange()
                  + detail
                  + standstill
                      .filter(span -> endedBy(span, decided))
                      .map(span -> " Before, " + words(span) + ".")
                      .orElse(""));
      case DecidedFire.KNOWN -> answer(decided, decided.verdict(), detail);
      case DecidedFire.MISSED -> missed(decided);
      case DecidedFire.PAUSED ->
          answer(
              decided,
              decided.verdict(),
              detail
                  + (schedule.state().paused() == null
                      ? ""
                      : " It is paused until you resume it."));
      default ->
          answer(
              decided,
              decided.verdict(),
              "No run could be started, because of " + decided.verdict() + ": " + detail);
    };
  }

  private Answer missed(DecidedFire gap) {
    boolean isFirst = gap.scheduledFor().equals(fire == null ? at : fire.time());
    String skipped =
        isFirst
            ? "This time was skipped: "
            : "This time was skipped, as were others from " + words(gap.scheduledFor()) + " on: ";
    Optional<DecidedFire> pause =
        stored.stream()
            .filter(before -> before.number() == gap.number() - 1)
            .filter(before -> before.verdict().equals(DecidedFire.PAUSED))
            .findFirst();
    if (pause.isPresent()) {
      return answer(
          gap,
          DecidedFire.PAUSED,
          skipped
              + "the schedule paused itself at "
              + words(pause.get().decidedAt())
              + ", and was resumed by "
              + words(gap.decidedAt())
              + ".");
    }
    return standstill
        .filter(span -> endedBy(span, gap))
        .map(span -> answer(gap, reason(span).code(), skipped + words(span) + "."))
        .orElseGet(
            () -> answer(gap, gap.verdict(), isFirst ? gap.detail() : skipped + gap.detail()));
  }

  // What was decided long after a standstill was kept waiting by something else, and what was
  // decided before one by nothing.
  private boolean endedBy(Standstill span, DecidedFire decided) {
    Duration after = Duration.between(span.until(), decided.decidedAt());
    return after.compareTo(Standstills.WRITTEN_EVERY.negated()) > 0 && after.compareTo(grace) <= 0;
  }

  private static Reason reason(Standstill span) {
    return span.clockJumped() ? Reason.CLOCK_CHANGED : Reason.NO_PROCESS;
  }

  private Answer undecided(Fire of) {
    Instant next = schedule.state().nextTime();
    if (next == null || of.time().isBefore(next)) {
      return forgotten(of);
    }
    Pause pause = schedule.state().paused();
    if (!schedule.definition().enabled()) {
      return because(
          Reason.DISABLED,
          "The schedule is disabled: enable it to let it run. It was last changed at "
              + words(schedule.modifiedAt()));
    }
    if (pause != null) {
      return new Answer(
          DecidedFire.PAUSED,
          "The schedule is paused since " + words(pause.at()) + ". " + pause.reason(),
          Optional.empty(),
          null);
    }
    if (of.due().isAfter(now)) {
      return because(
          Reason.SCHEDULED,
          clockChange() + "The schedule will run at " + words(of.due()) + late(of));
    }
    Instant last = lastTick.orElse(schedule.createdAt());
    Instant late = of.due().plus(grace).plus(Standstills.WRITTEN_EVERY);
    if (late.isBefore(now) && last.isBefore(of.due())) {
      return because(
          Reason.NO_PROCESS,
          "No process has looked for due schedules since about "
              + words(last)
              + ": none runs, none reaches the database, or, in request mode, no tick event comes");
    }
    return because(
        Reason.UNDECIDED, "This time is only just due" + late(of) + ": a process decides it next");
  }

  private String late(Fire of) {
    Duration late = Duration.between(of.time(), of.due());
    if (late.isZero()) {
      return "";
    }
    return ", which includes "
        + (offset().isZero()
            ? "the jitter of this time"
            : late.equals(offset())
                ? "the schedule's part of its spread"
                : "the schedule's part of its spread and the jitter of this time");
  }

  private Duration offset() {
    return schedule.definition().offset();
  }

  /** Answers for a time before the first undecided one, which has no fire of its own. */
  private Answer forgotten(Fire of) {
    // One fire stands for all times that were skipped together.
    Optional<DecidedFire> gap =
        stored.stream()
            .filter(decided -> decided.verdict().equals(DecidedFire.MISSED))
            .filter(decided -> decided.scheduledFor().isBefore(of.time()))
            .filter(decided -> !decided.decidedAt().isBefore(of.time()))
            .findFirst();
    if (gap.isPresent()) {
      return missed(gap.get());
    }
    if (stored.size() >= FireRows.HISTORY && of.time().isBefore(stored.getLast().scheduledFor())) {
      return because(
          Reason.TOO_LONG_AGO,
          "This is too long ago: the newest "
              + FireRows.HISTORY
              + " times are kept, from that of "
              + words(stored.getLast().scheduledFor())
              + " on, and there is no run "
              + schedule.runName(of.time()));
    }
    if (of.time().isBefore(schedule.modifiedAt())) {
      return because(
          Reason.CHANGED_SINCE,
          "The schedule was changed at "
              + words(schedule.modifiedAt())
              + ", and it is not known whether it was enabled then and had this time");
    }
    return because(
        Reason.UNKNOWN,
        "Nothing is known of this time: an internal error made the schedule skip it, or the clock"
            + " was set back; the server's log may say more");
  }

  private Answer notATime() {
    ZoneOffsetTransition change = change();
    if (change != null && change.isOverlap()) {
      Instant first =
          LocalDateTime.ofInstant(at, change.getOffsetAfter()).toInstant(change.getOffsetBefore());
      return because(
          Reason.DST_OVERLAP,
          "The clock shows "
              + words(at)
              + " twice, and the schedule runs once, the first time, which is "
              + first);
    }
    if (change != null) {
      return because(Reason.DST_GAP, clockChange() + "The schedule runs at none of them");
    }
    if (at.isBefore(schedule.modifiedAt())
        && schedule.createdAt().isBefore(schedule.modifiedAt())) {
      return because(
          Reason.CHANGED_SINCE,
          words(at)
              + " is not a time of the schedule as it is now; it was changed at "
              + words(schedule.modifiedAt())
              + ", and what it was before is not kept");
    }
    return because(
        Reason.NOT_A_TIME,
        words(at) + " is not a time of the schedule: " + schedule.timing().words(zone()));
  }

  /** The clock change that concerns the time; null where there is none. */
  private @Nullable ZoneOffsetTransition change() {
    return schedule.timing().rule() instanceof CronRule cron ? cron.change(at).orElse(null) : null;
  }

  /** A sentence about times that the clock leaves out just before this one; empty for none. */
  private String clockChange() {
    ZoneOffsetTransition change = change();
    if (change == null || change.isOverlap()) {
      return "";
    }
    boolean moves = schedule.timing().rule() instanceof CronRule cron && cron.cron().isFixed();
    return "On this day, the clock of %s goes from %s to %s: times in between do not come%s. "
        .formatted(
            zone(),
            change.getDateTimeBefore().toLocalTime(),
            change.getDateTimeAfter().toLocalTime(),
            moves ? ", and the schedule runs right after them" : "");
  }

  private ZoneId zone() {
    return ZoneId.of(schedule.definition().timezone());
  }

  private String words(Instant time) {
    return EnglishFormat.time(time, zone()) + " " + zone();
  }

  private String words(Standstill span) {
    return span.words(zone());
  }

  private static Answer answer(DecidedFire fire, String verdict, String sentence) {
    return new Answer(verdict, sentence, Optional.of(fire), fire.runName());
  }

  /**
   * An answer that no fire gives.
   *
   * @param sentence without a full stop
   */
  private static Answer because(Reason reason, String sentence) {
    return new Answer(reason.code(), sentence + ".", Optional.empty(), null);
  }
}
