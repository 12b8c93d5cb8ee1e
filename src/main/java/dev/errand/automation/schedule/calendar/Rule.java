package dev.errand.automation.schedule.calendar;

import java.time.Instant;
import java.util.Optional;

/** Which times a schedule names, without its window and its jitter. */
public sealed interface Rule permits CronRule, EveryRule, AtRule {

  /** The first time strictly after another; empty when there is none. */
  Optional<Instant> next(Instant after);

  /** What was understood, in plain English and without a full stop. */
  String words();
}
