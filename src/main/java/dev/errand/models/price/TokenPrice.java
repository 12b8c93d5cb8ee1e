package dev.errand.models.price;

import dev.errand.models.port.Usage;

/** The price of a model, in US dollars per million tokens. */
public record TokenPrice(double prompt, double cached, double completion) {
  private static final double PER = 1e6;

  public TokenPrice {
    if (!(prompt >= 0 && cached >= 0 && completion >= 0)) {
      throw new IllegalArgumentException("A price can't be less than 0.");
    }
  }

  /** The cost of an answer with this usage. */
  public double of(Usage.Step used) {
    long cachedTokens = Math.min(used.cachedTokens(), used.promptTokens());
    // Some servers count reasoning tokens only in the total.
    long written = Math.max(used.completionTokens(), used.totalTokens() - used.promptTokens());
    return ((used.promptTokens() - cachedTokens) * prompt
            + cachedTokens * cached
            + written * completion)
        / PER;
  }
}
