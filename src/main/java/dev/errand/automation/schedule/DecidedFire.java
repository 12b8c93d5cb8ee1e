package dev.errand.automation.schedule;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decided fire: the result for one time of a schedule.
 *
 * @param number its number in the schedule, from 1, in the order of decision
 * @param scheduledFor the time; the first of several missed times
 * @param verdict {@link #STARTED}, {@link #KNOWN}, {@link #MISSED}, {@link #PAUSED}, or the code of
 *     the error that prevented the run
 * @param runName the name of the run; null where there is none
 */
@RegisterForReflection
public record DecidedFire(
    UUID scheduleId,
    long number,
    Instant scheduledFor,
    Instant decidedAt,
    String verdict,
    String detail,
    @Nullable String runName) {
  public static final String STARTED = "started";

  public static final String KNOWN = "known";

  /** No process handled the time within its grace period. */
  public static final String MISSED = "missed";

  /** The schedule paused itself before the time. */
  public static final String PAUSED = "paused";

  /** Event: the number of times that were decided with one verdict. */
  public record Count(String verdict, long times) {}
}
