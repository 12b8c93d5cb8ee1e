package dev.errand.automation.schedule;

import dev.errand.automation.schedule.FirePlan.Gap;
import dev.errand.automation.schedule.ScheduleFailures.MissedTimes;
import dev.errand.automation.schedule.Standstills.Standstill;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.json.Durations;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done about times of schedules that are handled late: some start their runs late, and
 * others are skipped for a reason, which is told.
 */
@ApplicationScoped
class LateTimes {
  private final Standstills standstills;
  private final ScheduleConfig config;

  LateTimes(Standstills standstills, ScheduleConfig config) {
    this.standstills = standstills;
    this.config = config;
  }

  /** The late times of one tick. */
  OfTick of(List<Schedule> due, Instant now) {
    return new OfTick(due, now);
  }

  /** The words for a run that starts now; empty where it is in time. */
  String words(Fire fire, Instant now) {
    Duration late = Duration.between(fire.due(), now);
    return late.compareTo(config.grace()) > 0
        ? ", to catch up a missed time, " + Durations.words(late) + " late"
        : "";
  }

  /**
   * The words for times that are skipped.
   *
   * @param why what kept them from being handled, without a full stop
   */
  static String words(Gap gap, String why, MissedFires missed) {
    String skipped =
        gap.counted() && gap.atLeast() == 1
            ? "This time was skipped"
            : "From this time on, "
                + (gap.counted() ? "" : "at least ")
                + gap.atLeast()
                + " times were skipped";
    return skipped + ": " + why + ". The schedule's setting is missed: " + missed.code() + ".";
  }

  /** The late times of one tick, which reads at most once what kept all of them. */
  final class OfTick {
    private final List<Schedule> due;
    private final Instant now;
    private @Nullable List<Standstill> known;

    private OfTick(List<Schedule> due, Instant now) {
      this.due = due;
      this.now = now;
    }

    /** What is done for a schedule. */
    FirePlan plan(Schedule schedule) {
      Timing timing = schedule.timing();
      return FirePlan.of(
          timing, first(schedule, timing), schedule.definition().missed(), now, config.grace());
    }

    // A run that waited for its place in a spread, which was made shorter or removed meanwhile,
    // starts at that moment: it has missed nothing.
    private static Fire first(Schedule schedule, Timing timing) {
      Fire first = timing.at(Objects.requireNonNull(schedule.state().nextTime()));
      Instant changed = schedule.modifiedAt();
      boolean mayHaveWaited =
          !first.time().isAfter(changed)
              && changed.isBefore(first.time().plus(ScheduleRequest.LONGEST_SPREAD));
      return mayHaveWaited && first.due().isBefore(changed)
          ? new Fire(first.time(), changed)
          : first;
    }

    MissedTimes missed(Schedule schedule, Gap gap) {
      Instant due = gap.first().due();
      String why =
          Standstills.longest(standstills(), due, due.plus(config.grace()))
              .map(span -> span.words(ZoneId.of(schedule.definition().timezone())))
              .orElseGet(
                  () ->
                      "for more than "
                          + Durations.words(config.grace())
                          + " no process handled the schedule");
      return new MissedTimes(
          gap.first().time(), gap.atLeast(), words(gap, why, schedule.definition().missed()));
    }

    private List<Standstill> standstills() {
      if (known == null) {
        Optional<Instant> first =
            due.stream().map(schedule -> schedule.state().nextTime()).min(Instant::compareTo);
        known = standstills.during(first.orElse(now), now);
      }
      return known;
    }
  }
}
