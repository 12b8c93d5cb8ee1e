package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The usage of a run over all its attempts, which never decreases. Fields that an older stored
 * usage lacks are 0.
 *
 * @param promptTokens tokens sent to the model
 * @param completionTokens tokens that the model wrote
 * @param totalTokens both together, as the model's server counts them
 * @param cachedTokens the part of the prompt tokens that the model's server had in its cache
 * @param cacheWriteTokens the part of the prompt tokens that the model's server put into its cache
 * @param reasoningTokens the part of the completion tokens that was reasoning
 * @param toolErrors how many of the tool calls failed
 * @param costUsd what it cost in US dollars; null where no price is known
 * @param modelMs milliseconds spent waiting for the model, failed tries included
 * @param toolMs milliseconds spent in tools; concurrent calls each count in full
 * @param unconfirmedTokens the most tokens of requests whose answers are lost or on their way,
 *     which its server may have counted; only where the task bounds tokens or cost itself
 * @param unconfirmedUsd the most US dollars of these
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Usage(
    long promptTokens,
    long completionTokens,
    long totalTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    int steps,
    int toolCalls,
    int toolErrors,
    @Nullable Double costUsd,
    long modelMs,
    long toolMs,
    @Nullable Long unconfirmedTokens,
    @Nullable Double unconfirmedUsd) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, null, null);

  // The server's own text may be anything.
  private static final Pattern TIER = Pattern.compile("[A-Za-z0-9_-]{1,50}");

  // Sums of binary fractions drift, so they are rounded to a billionth of a dollar.
  private static final double COST_UNIT = 1e9;

  /**
   * The usage of one answer of the model.
   *
   * @param totalTokens both together, as the model's server counts them
   * @param cachedTokens the part of the request's tokens that the model's server had in its cache
   * @param cacheWriteTokens the part of the request's tokens that the model's server put into its
   *     cache
   * @param reasoningTokens the part of the answer's tokens that was reasoning
   * @param costUsd what it cost in US dollars; null where no price is known
   * @param serviceTier the tier that served it, in the server's words; null where it does not say
   */
  public record Step(
      long promptTokens,
      long completionTokens,
      long totalTokens,
      long cachedTokens,
      long cacheWriteTokens,
      long reasoningTokens,
      @Nullable Double costUsd,
      long tookMs,
      @Nullable String serviceTier) {

    /** The usage of an answer whose server names no tier. */
    public Step(
        long promptTokens,
        long completionTokens,
        long totalTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long reasoningTokens,
        @Nullable Double costUsd,
        long tookMs) {
      this(
          promptTokens,
          completionTokens,
          totalTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          costUsd,
          tookMs,
          null);
    }

    /** Waiting time alone, in milliseconds. */
    public static Step waiting(long tookMs) {
      return new Step(0, 0, 0, 0, 0, 0, null, tookMs);
    }

    /** Whether it used no tokens and cost nothing, as far as is known. */
    public boolean isNothing() {
      return promptTokens == 0 && completionTokens == 0 && totalTokens == 0 && costUsd == null;
    }

    public Step costing(double usd) {
      return new Step(
          promptTokens,
          completionTokens,
          totalTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          usd,
          tookMs,
          serviceTier);
    }
  }

  /** A count of tokens in a server's answer, clamped so that an absurd one can't overflow sums. */
  public static long tokens(JsonNode count) {
    return count.isNumber() ? (long) Math.clamp(count.asDouble(), 0, 1e9) : 0;
  }

  /**
   * The usage in a server's answer; nothing where any of its numbers is negative, as then none of
   * them can be believed.
   */
  public static JsonNode believed(JsonNode usage) {
    return hasNegative(usage) ? MissingNode.getInstance() : usage;
  }

  private static boolean hasNegative(JsonNode usage) {
    for (JsonNode number : usage) {
      if ((number.isNumber() && number.asDouble() < 0)
          || (number.isObject() && hasNegative(number))) {
        return true;
      }
    }
    return false;
  }

  /** The tier of service that an answer names; null where that is no word. */
  public static @Nullable String tier(JsonNode named) {
    return named.isTextual() && TIER.matcher(named.textValue()).matches()
        ? named.textValue()
        : null;
  }

  public Usage plusStep(Step step, int calls) {
    return plus(step, 1, calls, 0, 0);
  }

  /** The sum of this and a failed request to the model, which does not count as a step. */
  public Usage plusFailedTry(Step step) {
    return plus(step, 0, 0, 0, 0);
  }

  /** The sum of this and time spent waiting for an answer that did not arrive. */
  public Usage plusModelTime(long tookMs) {
    return plus(Step.waiting(tookMs), 0, 0, 0, 0);
  }

  /** The sum of this and the end of a tool call, which counts as one since it was requested. */
  public Usage plusToolEnd(long tookMs, boolean failed) {
    return plus(Step.waiting(0), 0, 0, failed ? 1 : 0, tookMs);
  }

  private Usage plus(Step step, int answers, int calls, int failedCalls, long inToolsMs) {
    return new Usage(
        promptTokens + step.promptTokens(),
        completionTokens + step.completionTokens(),
        totalTokens + step.totalTokens(),
        cachedTokens + step.cachedTokens(),
        cacheWriteTokens + step.cacheWriteTokens(),
        reasoningTokens + step.reasoningTokens(),
        steps + answers,
        toolCalls + calls,
        toolErrors + failedCalls,
        sum(costUsd, step.costUsd()),
        modelMs + step.tookMs(),
        toolMs + inToolsMs,
        unconfirmedTokens,
        unconfirmedUsd);
  }

  /** With a request whose answer is not known, or not yet. */
  public Usage plusUnconfirmed(LargestRequest sent) {
    long tokens = sent.prompt() + sent.mostAnswer();
    Double usd = sent.price() == null ? null : sent.price().of(sent.mostAnswer());
    return new Usage(
        promptTokens,
        completionTokens,
        totalTokens,
        cachedTokens,
        cacheWriteTokens,
        reasoningTokens,
        steps,
        toolCalls,
        toolErrors,
        costUsd,
        modelMs,
        toolMs,
        tokens + (unconfirmedTokens == null ? 0 : unconfirmedTokens),
        sum(unconfirmedUsd, usd));
  }

  /** The tokens that count against bounds. */
  public long mostTokens() {
    return unconfirmedTokens == null ? totalTokens : totalTokens + unconfirmedTokens;
  }

  /** The US dollars that count against bounds. */
  public double mostUsd() {
    Double most = sum(costUsd, unconfirmedUsd);
    return most == null ? 0 : most;
  }

  private static @Nullable Double sum(@Nullable Double before, @Nullable Double added) {
    if (before == null || added == null) {
      return before == null ? added : before;
    }
    return Math.round((before + added) * COST_UNIT) / COST_UNIT;
  }
}
