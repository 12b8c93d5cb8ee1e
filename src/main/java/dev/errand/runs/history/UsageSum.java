package dev.errand.runs.history;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The summed usage of runs.
 *
 * @param cachedTokens the part of the prompt tokens that the model's server had in its cache
 * @param cacheWriteTokens the part of the prompt tokens that the model's server put into its cache
 * @param totalTokens all tokens, as the model's server counts them
 * @param toolErrors how many of the tool calls failed
 */
@RegisterForReflection
@ApiSchema("UsageSum")
public record UsageSum(
    @Field("Runs that ended `ready` on these days.") long runsReady,
    @Field("Runs that ended as `error`.") long runsError,
    @Field long promptTokens,
    @Field long completionTokens,
    @Field long cachedTokens,
    @Field long cacheWriteTokens,
    @Field long reasoningTokens,
    @Field long totalTokens,
    @Field long steps,
    @Field long toolCalls,
    @Field long toolErrors,
    @Field long modelMs,
    @Field long toolMs,
    @Field("Without runs whose price is unknown.") @Nullable BigDecimal costUsd) {
  public static final UsageSum NONE = new UsageSum(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null);

  public UsageSum plus(UsageSum that) {
    return new UsageSum(
        runsReady + that.runsReady,
        runsError + that.runsError,
        promptTokens + that.promptTokens,
        completionTokens + that.completionTokens,
        cachedTokens + that.cachedTokens,
        cacheWriteTokens + that.cacheWriteTokens,
        reasoningTokens + that.reasoningTokens,
        totalTokens + that.totalTokens,
        steps + that.steps,
        toolCalls + that.toolCalls,
        toolErrors + that.toolErrors,
        modelMs + that.modelMs,
        toolMs + that.toolMs,
        costUsd == null || that.costUsd == null
            ? costUsd == null ? that.costUsd : costUsd
            : costUsd.add(that.costUsd));
  }
}
