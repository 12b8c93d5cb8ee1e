package dev.errand.automation.schedule.calendar;

import java.time.Instant;
import java.util.Optional;

/** The times of a schedule, without its window, spread and jitter. */
public sealed interface ScheduleRule permits CronRule, EveryRule, AtRule {

  /** The first time strictly after another; empty when there is none. */
  Optional<Instant> next(Instant after);

  /** The most times on any one day that has as many hours as the others. */
  long mostOnADay();

  /** Whether two of its times may be less than a minute apart. */
  default boolean isOftenerThanEachMinute() {
    return false;
  }

  /** The rule in words, without a full stop. */
  String words();
}
