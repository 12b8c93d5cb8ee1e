package dev.errand.runs.run.usage;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What runs used together.
 *
 * @param runsReady how often a run ended with a last message
 * @param runsError how often a run ended without one
 * @param promptTokens tokens sent to models
 * @param completionTokens tokens that models wrote
 * @param cachedTokens those of the prompts that the model's server had kept from before
 * @param reasoningTokens those of the completions that models thought with
 * @param totalTokens all tokens, as the model's server counts them
 * @param steps answers of models
 * @param toolCalls tool calls begun
 * @param modelMs milliseconds spent waiting for models
 * @param toolMs milliseconds spent in tools
 * @param costUsd what was paid in US dollars, as far as prices are known; null where none is
 */
@RegisterForReflection
public record UsageSum(
    long runsReady,
    long runsError,
    long promptTokens,
    long completionTokens,
    long cachedTokens,
    long reasoningTokens,
    long totalTokens,
    long steps,
    long toolCalls,
    long modelMs,
    long toolMs,
    @Nullable BigDecimal costUsd) {
  /** Nothing used. */
  public static final UsageSum NONE = new UsageSum(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null);

  /** This and that together. */
  public UsageSum plus(UsageSum that) {
    return new UsageSum(
        runsReady + that.runsReady,
        runsError + that.runsError,
        promptTokens + that.promptTokens,
        completionTokens + that.completionTokens,
        cachedTokens + that.cachedTokens,
        reasoningTokens + that.reasoningTokens,
        totalTokens + that.totalTokens,
        steps + that.steps,
        toolCalls + that.toolCalls,
        modelMs + that.modelMs,
        toolMs + that.toolMs,
        costUsd == null || that.costUsd == null
            ? costUsd == null ? that.costUsd : costUsd
            : costUsd.add(that.costUsd));
  }
}
