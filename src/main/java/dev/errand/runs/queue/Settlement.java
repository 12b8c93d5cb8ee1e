package dev.errand.runs.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request to a model cost for which an attempt of a run has reserved a part of its budgets.
 * It is written with the answer, and replaces what is reserved.
 *
 * @param usd null where it is not known, so that what was reserved counts as spent
 * @param tokens null where it is not known
 * @param exceeded what is used up, so that a request was not sent; empty where one was
 */
public record Settlement(
    long runId,
    int attempt,
    @Nullable Double usd,
    @Nullable Long tokens,
    List<ExceededBudget> exceeded) {

  /**
   * A budget that is used up in one of its periods.
   *
   * @param seen when it was last changed, as of the refusal
   */
  public record ExceededBudget(UUID budget, String period, Instant seen) {}

  public Settlement(long runId, int attempt, @Nullable Double usd, @Nullable Long tokens) {
    this(runId, attempt, usd, tokens, List.of());
  }

  /** With a later one: where nothing was sent for that, this cost stays. */
  public Settlement and(Settlement later) {
    return later.exceeded.isEmpty()
        ? later
        : new Settlement(runId, attempt, usd, tokens, later.exceeded);
  }
}
