package dev.errand.runner;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * What a run has used so far, over all its attempts.
 *
 * @param promptTokens tokens sent to the model
 * @param completionTokens tokens that the model wrote
 * @param totalTokens both together, as the model's server counts them
 * @param steps answers of the model
 * @param toolCalls tool calls begun
 * @param costUsd what it cost in US dollars; null where no price is known
 * @param modelMs milliseconds spent waiting for the model
 * @param toolMs milliseconds spent in tools, calls at the same time counted each
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    int steps,
    int toolCalls,
    @Nullable Double costUsd,
    long modelMs,
    long toolMs) {
  /** Nothing used yet. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, null, 0, 0);

  /** This, and one more answer of the model with the calls that it asks for. */
  public Usage plusStep(long prompt, long completion, long total, int calls, long tookMs) {
    return new Usage(
        promptTokens + prompt,
        completionTokens + completion,
        totalTokens + total,
        steps + 1,
        toolCalls + calls,
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
        steps,
        toolCalls,
        costUsd,
        modelMs,
        toolMs + tookMs);
  }
}
