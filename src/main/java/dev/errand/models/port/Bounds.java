package dev.errand.models.port;

import dev.errand.base.json.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The bounds of a run: limits on its time, steps, tokens, cost and tool calls.
 *
 * @param deadline when the run must have ended, by the clock of {@link
 *     dev.errand.base.limit.ElapsedTime}
 * @param timeout the run's total time, which began that long before the deadline
 * @param maxSteps the most answers of the model
 * @param maxTokens the most tokens, prompts and completions together
 * @param maxCostUsd the most US dollars
 * @param maxAttempts the most tries for one answer of the model
 * @param ceilings the bounds that this server's ceilings lowered, because the task asks for more
 * @param own which of {@link RunError#MAX_TOKENS} and {@link RunError#MAX_COST} the task itself
 *     sets: a request that could pass one is not sent, and a run whose cost is not known may not go
 *     on
 */
public record Bounds(
    Instant deadline,
    Duration timeout,
    int maxSteps,
    long maxTokens,
    double maxCostUsd,
    int maxToolCalls,
    int maxAttempts,
    Set<RunError> ceilings,
    Set<RunError> own) {
  public Bounds {
    own = Set.copyOf(own);
    ceilings = Set.copyOf(ceilings);
  }

  /** When the run was first claimed. */
  public Instant start() {
    return deadline.minus(timeout);
  }

  /** The name of the setting that determines a bound, for messages. */
  public String settingOf(RunError bound) {
    String name = bound == RunError.MAX_COST ? "max_cost_usd" : bound.code();
    return ceilings.contains(bound)
        ? "errand.run.ceiling." + name.replace('_', '-')
        : "settings." + name;
  }

  public String timeUp() {
    return "The run did not end within "
        + Durations.words(timeout)
        + ", its "
        + settingOf(RunError.TIMEOUT)
        + ".";
  }
}
