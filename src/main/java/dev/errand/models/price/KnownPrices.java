package dev.errand.models.price;

import java.util.Map;

/**
 * Built-in prices of OpenAI's models, in US dollars per million tokens, for its standard tier and
 * conversations of ordinary length, as of 2026-11-24. {@code errand.model.prices} overrides prices
 * that have changed.
 */
public final class KnownPrices {
  public static final Map<String, TokenPrice> OPENAI =
      Map.ofEntries(
          price("gpt-6-astra", 10, 1, 50),
          price("gpt-5.6", 4, 0.4, 20),
          price("gpt-5.6-sol", 4, 0.4, 20),
          price("gpt-5.6-terra", 2, 0.2, 12),
          price("gpt-5.6-luna", 0.2, 0.02, 1.2),
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
          price("gpt-3.5-turbo", 0.5, 0.5, 1.5));

  private KnownPrices() {}

  private static Map.Entry<String, TokenPrice> price(
      String model, double prompt, double cached, double completion) {
    return Map.entry(model, new TokenPrice(prompt, cached, completion));
  }
}
