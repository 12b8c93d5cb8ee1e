package dev.errand.models.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.Usage;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  private final Prices known = new Prices(Map.of());

  @ParameterizedTest
  @CsvSource({
    "gpt-4o,2.5",
    "GPT-4o,2.5",
    "openai/gpt-4o,2.5",
    "gpt-4o-2024-08-06,2.5",
    "gpt-4o-2024-05-13,5",
    "openai/gpt-4o-mini-2024-07-18,0.15",
    "gpt-4o-mini,0.15",
    "gpt-4-0613,30",
    "gpt-5-20250807,1.25",
    "gpt-5-chat-latest,1.25",
    "o3,2",
  })
  void aPriceHoldsForItsModelAtAnyDateAndBehindAnyProvider(String model, double prompt) {
    assertEquals(prompt, known.of(model).orElseThrow().prompt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "llama3",
        "gpt-4o-audio-preview",
        "gpt-4o-mini-tts",
        "gpt-4-32k",
        "ft:gpt-4o-2024-08-06:acme::1",
        "gpt-4o-2024-8-6"
      })
  void anotherModelHasNoPriceOfItsNamesakes(String model) {
    assertEquals(Optional.empty(), known.of(model));
  }

  @Test
  void anOperatorsPriceWinsAndMayBeForAllThatBeginSo() {
    Prices prices =
        new Prices(
            Map.of(
                "a", new TestPrice("gpt-4o", 7, Optional.empty(), 8),
                "b", new TestPrice("Llama-*", 0.1, Optional.of(0.05), 0.2),
                "c", new TestPrice("llama-3.3-*", 0.3, Optional.empty(), 0.4),
                "d", new TestPrice("router/gpt-4o-mini", 1, Optional.empty(), 1)));

    assertEquals(new TokenPrice(7, 7, 8), prices.of("gpt-4o-2024-08-06").orElseThrow());
    assertEquals(new TokenPrice(0.1, 0.05, 0.2), prices.of("meta/llama-2").orElseThrow());
    assertEquals(0.3, prices.of("llama-3.3-70b").orElseThrow().prompt(), "the longest name wins");
    assertEquals(1, prices.of("router/gpt-4o-mini").orElseThrow().prompt());
    assertEquals(0.15, prices.of("gpt-4o-mini").orElseThrow().prompt());
  }

  @Test
  void aPriceThatIsNoneIsRefusedByItsKey() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> new Prices(Map.of("mine", new TestPrice("m", -1, Optional.empty(), 1))));
    assertTrue(String.valueOf(e.getMessage()).startsWith("errand.model.prices.mine"));
  }

  @Test
  void cachedTokensCostLessAndReasoningCostsLikeOutput() {
    TokenPrice price = new TokenPrice(2, 0.5, 10);

    assertEquals(0.4 * 2e-3 + 0.6 * 0.5e-3 + 9e-3, price.of(used(1000, 900, 1900, 600)), 1e-12);
    assertEquals(2e-3 + 9e-3, price.of(used(1000, 100, 1900, 0)), 1e-12, "counted in the total");
    assertEquals(0.5e-3, price.of(used(1000, 0, 1000, 5000)), 1e-12, "no more than there was");
  }

  private static Usage.Step used(long prompt, long completion, long total, long cached) {
    return new Usage.Step(prompt, completion, total, cached, 0, 0, null, 1);
  }

  private record TestPrice(String model, double prompt, Optional<Double> cached, double completion)
      implements ModelConfig.ModelPrice {}
}
