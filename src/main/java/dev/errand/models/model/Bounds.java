package dev.errand.models.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/**
 * Where a run has to end.
 *
 * @param deadline when its time is up
 * @param timeout how long it was given
 * @param maxSteps the most answers of the model
 * @param maxTokens the most tokens, prompts and completions together
 * @param maxCostUsd the most US dollars, where a price is known
 * @param maxToolCalls the most tool calls
 * @param maxAttempts how often the model is asked for one answer, while its server fails
 * @param ceilings the bounds that are the server's, since the task asks for more
 */
public record Bounds(
    Instant deadline,
    Duration timeout,
    int maxSteps,
    long maxTokens,
    double maxCostUsd,
    int maxToolCalls,
    int maxAttempts,
    Set<RunFailure> ceilings) {
  public Bounds {
    ceilings = Set.copyOf(ceilings);
  }

  /** When the run was first worked on. */
  public Instant start() {
    return deadline.minus(timeout);
  }

  /** The setting that a bound comes from, by which it can be changed. */
  public String settingOf(RunFailure bound) {
    String name =
        bound == RunFailure.MAX_COST ? "max_cost_usd" : bound.name().toLowerCase(Locale.ROOT);
    return ceilings.contains(bound)
        ? "errand.run.ceiling." + name.replace('_', '-')
        : "settings." + name;
  }

  /** The sentence of a run whose time is up. */
  public String timeUp() {
    return "The run did not end within " + timeout + ", its " + settingOf(RunFailure.TIMEOUT) + ".";
  }
}
