package dev.errand.models.price;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The built-in prices of a vendor's models, in US dollars per million tokens, for its standard
 * tier, and how much more or less the others cost. {@code errand.model.prices} overrides prices
 * that have changed.
 *
 * @param provider the vendor, as {@link dev.errand.models.port.ModelPort#provider} names it
 * @param asOf the day on which the vendor had these prices
 */
record PriceTable(String provider, LocalDate asOf, Map<String, TokenPrice> prices) {
  // Of the models from GPT-5.6 on; the earlier ones put tokens into their cache for nothing more.
  private static final double OPENAI_WRITES = 1.25;
  // Of all models of OpenAI that have the tier: the price of its batches.
  private static final double FLEX = 0.5;
  // How much more each costs in that tier. The vendor states other prices, or none, for the others.
  private static final Map<String, Double> PRIORITY =
      Map.ofEntries(
          Map.entry("gpt-5.5", 2.5),
          Map.entry("gpt-5.4", 2.0),
          Map.entry("gpt-5.4-mini", 2.0),
          Map.entry("gpt-5.2", 2.0),
          Map.entry("gpt-5.1", 2.0),
          Map.entry("gpt-5", 2.0),
          Map.entry("gpt-5-mini", 1.8),
          Map.entry("gpt-4.1", 1.75),
          Map.entry("gpt-4.1-mini", 1.75),
          Map.entry("gpt-4.1-nano", 2.0),
          Map.entry("gpt-4o", 1.7),
          Map.entry("gpt-4o-2024-05-13", 1.75),
          Map.entry("gpt-4o-mini", 5 / 3.0),
          Map.entry("o4-mini", 20 / 11.0),
          Map.entry("o3", 1.75));
  private static final double ANTHROPIC_WRITES = 1.25;
  private static final double ANTHROPIC_WRITES_OF_AN_HOUR = 2;

  static final PriceTable OPENAI =
      new PriceTable(
          "openai",
          LocalDate.of(2026, 11, 18),
          table(
              openAi("gpt-6.2-astra", 8, 0.4, 40),
              openAi("gpt-6.2-sol", 2, 0.1, 10),
              openAi("gpt-6.1-sol", 2, 0.1, 10),
              openAi("gpt-6.1-terra", 1, 0.05, 5),
              openAi("gpt-6-astra", 10, 1, 50),
              openAi("gpt-6-sol", 2, 0.2, 10),
              openAi("gpt-6-luna", 0.1, 0.01, 0.5),
              openAi("gpt-5.6", 4, 0.4, 20),
              openAi("gpt-5.6-sol", 4, 0.4, 20),
              openAi("gpt-5.6-terra", 2, 0.2, 12),
              openAi("gpt-5.6-luna", 0.2, 0.02, 1.2),
              price("gpt-5.5", 5, 0.5, 30),
              price("gpt-5.4", 2.5, 0.25, 15),
              price("gpt-5.4-mini", 0.75, 0.075, 4.5),
              price("gpt-5.4-nano", 0.2, 0.02, 1.25),
              price("gpt-5.3-chat", 1.75, 0.175, 14),
              price("gpt-5.2", 1.75, 0.175, 14),
              price("gpt-5.2-chat", 1.75, 0.175, 14),
              price("gpt-5.1", 1.25, 0.125, 10),
              price("gpt-5.1-chat", 1.25, 0.125, 10),
              price("gpt-5", 1.25, 0.125, 10),
              price("gpt-5-chat", 1.25, 0.125, 10),
              price("gpt-5-mini", 0.25, 0.025, 2),
              price("gpt-5-nano", 0.05, 0.005, 0.4),
              price("gpt-4.1", 2, 0.5, 8),
              price("gpt-4.1-mini", 0.4, 0.1, 1.6),
              price("gpt-4.1-nano", 0.1, 0.025, 0.4),
              price("gpt-4o", 2.5, 1.25, 10),
              price("gpt-4o-2024-05-13", 5, 5, 15),
              price("gpt-4o-mini", 0.15, 0.075, 0.6),
              price("chatgpt-4o-latest", 5, 5, 15),
              price("o4-mini", 1.1, 0.275, 4.4),
              price("o3", 2, 0.5, 8),
              price("o3-mini", 1.1, 0.55, 4.4),
              price("o1", 15, 7.5, 60),
              price("gpt-4-turbo", 10, 10, 30),
              price("gpt-4", 30, 30, 60),
              price("gpt-3.5-turbo", 0.5, 0.5, 1.5)));

  static final PriceTable ANTHROPIC =
      new PriceTable(
          "anthropic",
          LocalDate.of(2026, 11, 10),
          table(
              claude("claude-fable-5-2", 8, 0.2, 40),
              claude("claude-fable-5-1", 10, 0.25, 50),
              claude("claude-mythos-5-1", 10, 0.25, 50),
              claude("claude-fable-5", 10, 1, 50),
              claude("claude-mythos-5", 10, 1, 50),
              claude("claude-opus-5-5", 4, 0.2, 20),
              claude("claude-opus-5", 5, 0.5, 25),
              claude("claude-opus-4-8", 5, 0.5, 25),
              claude("claude-opus-4-7", 5, 0.5, 25),
              claude("claude-opus-4-6", 5, 0.5, 25),
              claude("claude-opus-4-5", 5, 0.5, 25),
              claude("claude-opus-4-1", 15, 1.5, 75),
              claude("claude-opus-4", 15, 1.5, 75),
              claude("claude-opus-4-0", 15, 1.5, 75),
              claude("claude-3-opus", 15, 1.5, 75),
              claude("claude-sonnet-5-5", 2, 0.1, 10),
              claude("claude-sonnet-5", 2, 0.2, 10),
              claude("claude-sonnet-4-6", 3, 0.3, 15),
              claude("claude-sonnet-4-5", 3, 0.3, 15),
              claude("claude-sonnet-4", 3, 0.3, 15),
              claude("claude-sonnet-4-0", 3, 0.3, 15),
              claude("claude-3-7-sonnet", 3, 0.3, 15),
              claude("claude-3-5-sonnet", 3, 0.3, 15),
              Map.entry("claude-haiku-5-5", claude(0.1, 0.01, 0.5).forLongPrompts(100_000, 5, 5)),
              claude("claude-haiku-4-5", 1, 0.1, 5),
              claude("claude-3-5-haiku", 0.8, 0.08, 4)));

  private static final List<PriceTable> ALL = List.of(OPENAI, ANTHROPIC);

  /** All tables, that of one vendor first; a gateway may have models of another vendor. */
  static Stream<PriceTable> from(String provider) {
    return Stream.concat(
        ALL.stream().filter(table -> table.provider.equals(provider)),
        ALL.stream().filter(table -> !table.provider.equals(provider)));
  }

  @SafeVarargs
  private static Map<String, TokenPrice> table(Map.Entry<String, TokenPrice>... entries) {
    Map<String, TokenPrice> prices = new LinkedHashMap<>();
    for (Map.Entry<String, TokenPrice> entry : entries) {
      prices.put(entry.getKey(), entry.getValue());
    }
    return prices;
  }

  private static Map.Entry<String, TokenPrice> price(
      String model, double prompt, double cached, double completion) {
    return Map.entry(
        model, new TokenPrice(prompt, cached, prompt, completion).inTiers(tiers(model)));
  }

  private static Map.Entry<String, TokenPrice> openAi(
      String model, double prompt, double cached, double completion) {
    return Map.entry(
        model,
        new TokenPrice(prompt, cached, prompt * OPENAI_WRITES, completion)
            .forLongPrompts(272_000, 2, 1.5)
            .inTiers(tiers(model)));
  }

  private static Map<String, Double> tiers(String model) {
    Double priority = PRIORITY.get(model);
    return priority == null ? Map.of("flex", FLEX) : Map.of("flex", FLEX, "priority", priority);
  }

  private static Map.Entry<String, TokenPrice> claude(
      String model, double prompt, double cached, double completion) {
    return Map.entry(model, claude(prompt, cached, completion));
  }

  private static TokenPrice claude(double prompt, double cached, double completion) {
    return new TokenPrice(
        prompt,
        cached,
        prompt * ANTHROPIC_WRITES,
        prompt * ANTHROPIC_WRITES_OF_AN_HOUR,
        completion,
        TokenPrice.LongPrompts.NONE,
        Map.of());
  }
}
