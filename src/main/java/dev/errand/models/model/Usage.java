package dev.errand.models.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * What a run has used so far, over all its attempts; it never becomes less. What an older record of
 * it does not tell of is 0.
 *
 * @param promptTokens tokens sent to the model
 * @param completionTokens tokens that the model wrote
 * @param totalTokens both together, as the model's server counts them
 * @param cachedTokens those of the prompts that the model's server had kept from before
 * @param reasoningTokens those of the completions that the model thought with
 * @param steps answers of the model
 * @param toolCalls tool calls begun
 * @param costUsd what it cost in US dollars; null where no price is known
 * @param modelMs milliseconds spent waiting for the model, failed tries included
 * @param toolMs milliseconds spent in tools, calls at the same time counted each
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Usage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    long cachedTokens,
    long reasoningTokens,
    int steps,
    int toolCalls,
    @Nullable Double costUsd,
    long modelMs,
    long toolMs) {
  /** Nothing used yet. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, null, 0, 0);

  // Sums of binary fractions drift; a billionth of a dollar is finer than any price.
  private static final double COST_UNIT = 1e9;

  /**
   * What one answer of the model used.
   *
   * @param promptTokens tokens of the request
   * @param completionTokens tokens of the answer
   * @param totalTokens both together, as the model's server counts them
   * @param cachedTokens those of the request that the model's server had kept from before
   * @param reasoningTokens those of the answer that the model thought with
   * @param costUsd what it cost in US dollars; null where no price is known
   * @param tookMs how long it took, in milliseconds
   */
  public record Step(
      long promptTokens,
      long completionTokens,
      long totalTokens,
      long cachedTokens,
      long reasoningTokens,
      @Nullable Double costUsd,
      long tookMs) {

    /** Nothing but time, in milliseconds. */
    public static Step waiting(long tookMs) {
      return new Step(0, 0, 0, 0, 0, null, tookMs);
    }

    /** This, at a cost in US dollars. */
    public Step costing(double usd) {
      return new Step(
          promptTokens, completionTokens, totalTokens, cachedTokens, reasoningTokens, usd, tookMs);
    }
  }

  /**
   * This, and one more answer of the model.
   *
   * @param calls the tool calls that the answer asks for
   */
  public Usage plusStep(Step step, int calls) {
    return plus(step, calls, true);
  }

  /** This, and an answer of the model that was of no use; it counts as no step. */
  public Usage plusFailedTry(Step step) {
    return plus(step, 0, false);
  }

  private Usage plus(Step step, int calls, boolean isAnswer) {
    return new Usage(
        promptTokens + step.promptTokens(),
        completionTokens + step.completionTokens(),
        totalTokens + step.totalTokens(),
        cachedTokens + step.cachedTokens(),
        reasoningTokens + step.reasoningTokens(),
        steps + (isAnswer ? 1 : 0),
        toolCalls + calls,
        sum(costUsd, step.costUsd()),
        modelMs + step.tookMs(),
        toolMs);
  }

  /** This, and time spent waiting for an answer of the model that did not come. */
  public Usage plusModelTime(long tookMs) {
    return new Usage(
        promptTokens,
        completionTokens,
        totalTokens,
        cachedTokens,
        reasoningTokens,
        steps,
        toolCalls,
        costUsd,
        modelMs + tookMs,
        toolMs);
  }

  /** This, and time spent in a tool. */
  public Usage plusToolTime(long tookMs) {
    return new Usage(
        promptTokens,
        completionTokens,
        totalTokens,
        cachedTokens,
        reasoningTokens,
        steps,
        toolCalls,
        costUsd,
        modelMs,
        toolMs + tookMs);
  }

  private static @Nullable Double sum(@Nullable Double before, @Nullable Double added) {
    if (before == null || added == null) {
      return before == null ? added : before;
    }
    return Math.round((before + added) * COST_UNIT) / COST_UNIT;
  }
}
