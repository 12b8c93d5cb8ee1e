package dev.errand.automation.schedule.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of a time of a schedule.
 *
 * @param scheduleId the schedule
 * @param number counted from 1 on, in the order of decision
 * @param scheduledFor the time; of several that were missed, the first
 * @param decidedAt when it was decided
 * @param verdict a word: {@link #STARTED}, {@link #KNOWN}, {@link #MISSED}, {@link #PAUSED}, or the
 *     code of the error that kept the run from being started
 * @param detail a sentence
 * @param runName the run, where there is one
 */
public record DecidedFire(
    UUID scheduleId,
    long number,
    Instant scheduledFor,
    Instant decidedAt,
    String verdict,
    String detail,
    @Nullable String runName) {
  /** A run was started. */
  static final String STARTED = "started";

  /** There was a run of that name already. */
  public static final String KNOWN = "known";

  /** Nobody could see to it in time. */
  public static final String MISSED = "missed";

  /** The schedule paused itself before it. */
  public static final String PAUSED = "paused";
}
