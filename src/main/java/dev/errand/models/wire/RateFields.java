package dev.errand.models.wire;

/**
 * The names of the header fields by which a vendor's server says of one limit how much it is, how
 * much is left, and when all is given back.
 */
public record RateFields(String limit, String remaining, String reset) {
  /** Those of most servers, for requests. */
  static final RateFields REQUESTS = of("x-ratelimit-%s-requests");

  /** The same for tokens. */
  static final RateFields TOKENS = of("x-ratelimit-%s-tokens");

  /** The fields whose names differ in one word. */
  public static RateFields of(String name) {
    return new RateFields(
        name.formatted("limit"), name.formatted("remaining"), name.formatted("reset"));
  }
}
