package dev.errand.models.price;

import dev.errand.models.port.LargestRequest;
import dev.errand.models.port.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The price of a model, in US dollars per million tokens.
 *
 * @param prompt the price of prompt tokens that no cache is concerned with
 * @param cached the price of prompt tokens that the vendor's cache had
 * @param cacheWrite the price of prompt tokens that were put into that cache
 * @param longCacheWrite the same where the vendor keeps them for the longer of two times
 * @param longPrompts how much more an answer to a long prompt costs
 * @param tiers by which factor an answer of another tier of service costs more or less; one of a
 *     tier that is not here has the price of the standard one
 */
public record TokenPrice(
    double prompt,
    double cached,
    double cacheWrite,
    double longCacheWrite,
    double completion,
    LongPrompts longPrompts,
    Map<String, Double> tiers) {
  /** The price of a model that costs nothing. */
  static final TokenPrice FREE = new TokenPrice(0, 0, 0, 0);

  private static final double PER = 1e6;

  public TokenPrice {
    tiers = Map.copyOf(tiers);
    if (!(prompt >= 0
        && cached >= 0
        && cacheWrite >= 0
        && longCacheWrite >= 0
        && completion >= 0)) {
      throw new IllegalArgumentException("A price can't be less than 0.");
    }
  }

  /** A price that is the same however long tokens are cached, and for prompts of any length. */
  public TokenPrice(double prompt, double cached, double cacheWrite, double completion) {
    this(prompt, cached, cacheWrite, cacheWrite, completion, LongPrompts.NONE, Map.of());
  }

  /**
   * The factors by which everything about a request costs more when its prompt is long.
   *
   * @param above the prompt's tokens, cached ones included, beyond which it is long
   */
  public record LongPrompts(long above, double prompt, double completion) {
    static final LongPrompts NONE = new LongPrompts(Long.MAX_VALUE, 1, 1);
  }

  TokenPrice forLongPrompts(long above, double promptFactor, double completionFactor) {
    return new TokenPrice(
        prompt,
        cached,
        cacheWrite,
        longCacheWrite,
        completion,
        new LongPrompts(above, promptFactor, completionFactor),
        tiers);
  }

  TokenPrice inTiers(Map<String, Double> factors) {
    return new TokenPrice(
        prompt, cached, cacheWrite, longCacheWrite, completion, longPrompts, factors);
  }

  /**
   * The most that a request can cost: nothing of its prompt is in a cache, and all of it is put
   * there.
   *
   * @param promptTokens the most tokens of its prompt
   * @param tier the tier that is asked for, in place of which the default one may answer; null for
   *     that
   */
  public LargestRequest.Price most(long promptTokens, @Nullable String tier) {
    double write = Math.max(prompt, Math.max(cacheWrite, longCacheWrite));
    double factor = tier == null ? 1 : Math.max(1, tiers.getOrDefault(tier, 1.0));
    boolean isLong = promptTokens > longPrompts.above();
    return new LargestRequest.Price(
        factor * promptTokens * write * (isLong ? longPrompts.prompt() : 1) / PER,
        factor * completion * (isLong ? longPrompts.completion() : 1) / PER);
  }

  /**
   * The cost of an answer with this usage.
   *
   * @param longWrites the part of the tokens put into the cache that is kept for the longer time
   */
  public double of(Usage.Step used, long longWrites) {
    long read = Math.min(used.cachedTokens(), used.promptTokens());
    long put = Math.min(used.cacheWriteTokens(), used.promptTokens() - read);
    long putLong = Math.clamp(longWrites, 0, put);
    // Some servers count reasoning tokens only in the total.
    long written = Math.max(used.completionTokens(), used.totalTokens() - used.promptTokens());
    double asked =
        (used.promptTokens() - read - put) * prompt
            + read * cached
            + (put - putLong) * cacheWrite
            + putLong * longCacheWrite;
    double answered = written * completion;
    double standard =
        used.promptTokens() > longPrompts.above()
            ? asked * longPrompts.prompt() + answered * longPrompts.completion()
            : asked + answered;
    String tier = used.serviceTier();
    return standard * (tier == null ? 1 : tiers.getOrDefault(tier, 1.0)) / PER;
  }
}
