package dev.errand.runs.budget;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A budget that counts a request, before that.
 *
 * @param slot its present period, as it is stored
 * @param ofUser whether it is one of the profile's owner
 * @param above whether it is of the profile of a run above, and counts the whole tree
 * @param kind its period: run, day or month
 * @param usd its limit in US dollars; null for none
 * @param tokens its limit in tokens; null for none
 * @param leftUsd what it has not spent, reserved or not
 * @param fits the most tokens of an answer that it allows now; -1 where not even the prompt fits
 * @param would the same if nothing were reserved
 * @param granted the most tokens of the answer that all of them allow and have reserved; null where
 *     they do not
 * @param resetsAt when its next period begins; null for that of a run
 */
@RegisterForReflection
record BudgetState(
    UUID id,
    String slot,
    String name,
    boolean ofUser,
    boolean above,
    String kind,
    @Nullable Double usd,
    @Nullable Long tokens,
    String onExhausted,
    Instant modifiedAt,
    @Nullable Double leftUsd,
    @Nullable Long leftTokens,
    int fits,
    int would,
    @Nullable Integer granted,
    @Nullable Instant resetsAt) {

  boolean isOfRun() {
    return BudgetPeriod.RUN.code().equals(kind);
  }

  /** Whether a run ends, for which it has nothing left. */
  boolean endsRuns() {
    return isOfRun() || BudgetExhaustion.FAIL.code().equals(onExhausted);
  }

  /** Until when a run waits; never for that of a run. */
  Instant restsUntil() {
    return resetsAt == null ? Instant.MAX : resetsAt;
  }

  /** Its name for people, with whose it is. */
  String shown() {
    return "the budget "
        + name
        + (ofUser ? " of the owner of the profile" : " of the profile")
        + (above ? " of a run above" : "");
  }
}
