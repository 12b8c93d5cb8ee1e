package dev.errand.automation.watch;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of watches: a condition of a task, as it was left by the last look at it.
 *
 * @param expected what the settings said then; null before the first look
 * @param since what happened before does not count; null where the next look begins anew
 * @param forgiven whether {@code since} was moved on because the clock was set forward, and the
 *     condition has not been met since then
 * @param miss how it is missed; null while it is not
 */
@RegisterForReflection
record WatchState(
    UUID taskId,
    WatchCondition condition,
    @Nullable String expected,
    @Nullable Instant since,
    boolean forgiven,
    @Nullable Miss miss) {

  /**
   * A condition that is missed.
   *
   * @param notedAt when a look found it
   * @param since since when it is missed
   */
  @RegisterForReflection
  record Miss(
      @Column(name = "missed_at") Instant notedAt,
      @Column(name = "missed_since") Instant since,
      String sentence) {}

  /** The same, which expects something else from now on. */
  WatchState anew(String wanted, Instant now) {
    return new WatchState(taskId, condition, wanted, now, false, null);
  }

  WatchState countedSince(@Nullable Instant start, boolean isForgiven) {
    return new WatchState(taskId, condition, expected, start, isForgiven, miss);
  }

  WatchState with(@Nullable Miss other) {
    return new WatchState(taskId, condition, expected, since, forgiven, other);
  }
}
