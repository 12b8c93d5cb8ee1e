package dev.errand.models.price;

import dev.errand.models.model.Usage;

/**
 * What a model costs, in US dollars for a million tokens.
 *
 * @param prompt what it reads
 * @param cached what it reads and its server had kept from before
 * @param completion what it writes
 */
public record TokenPrice(double prompt, double cached, double completion) {
  private static final double PER = 1e6;

  public TokenPrice {
    if (!(prompt >= 0 && cached >= 0 && completion >= 0)) {
      throw new IllegalArgumentException("A price can't be less than 0.");
    }
  }

  /** What an answer costs that used so much. */
  public double of(Usage.Step used) {
    long cachedTokens = Math.min(used.cachedTokens(), used.promptTokens());
    // Some servers count what the model thought in the total alone.
    long written = Math.max(used.completionTokens(), used.totalTokens() - used.promptTokens());
    return ((used.promptTokens() - cachedTokens) * prompt
            + cachedTokens * cached
            + written * completion)
        / PER;
  }
}
