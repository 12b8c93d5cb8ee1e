package dev.errand.models.price;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.errand.models.openai.OpenAiSettings;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.ModelCall;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  private static final JsonNode NOTHING = MissingNode.getInstance();
  private static final String KEYLESS = "http://keyless.example/v1";

  private final Prices known = prices(Map.of());

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
    "claude-opus-5-5,4",
    "claude-opus-4-1-20250805,15",
    "claude-opus-4-5-20251101,5",
    "claude-3-5-haiku-latest,0.8",
    "anthropic/claude-fable-5-2,8",
    "anthropic/claude-sonnet-4.5,3",
    "anthropic/claude-3.7-sonnet,3",
  })
  void aPriceHoldsForItsModelAtAnyDateAndBehindAnyProvider(String model, double prompt) {
    for (String provider : List.of("openai", "anthropic", "other")) {
      assertEquals(prompt, Prices.known(provider, model).orElseThrow().prompt(), provider);
    }
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
        "gpt-4o-2024-8-6",
        "claude-opus-5-6",
        "claude-fable-5-3",
        "claude"
      })
  void anotherModelHasNoPriceOfItsNamesakes(String model) {
    assertEquals(Optional.empty(), Prices.known("openai", model));
    assertEquals(Optional.empty(), Prices.known("anthropic", model));
    assertEquals(Optional.empty(), known.set(model));
  }

  @Test
  void anOperatorsPriceWinsAndMayBeForAllThatBeginSo() {
    Prices prices =
        prices(
            Map.of(
                "a", new TestPrice("gpt-4o", 7, Optional.empty(), Optional.empty(), 8),
                "b", new TestPrice("Llama-*", 0.1, Optional.of(0.05), Optional.of(0.3), 0.2),
                "c", new TestPrice("llama-3.3-*", 0.3, Optional.empty(), Optional.empty(), 0.4),
                "d",
                    new TestPrice("router/gpt-4o-mini", 1, Optional.empty(), Optional.empty(), 1)));

    assertEquals(new TokenPrice(7, 7, 7, 8), prices.set("gpt-4o-2024-08-06").orElseThrow());
    assertEquals(new TokenPrice(0.1, 0.05, 0.3, 0.2), prices.set("meta/llama-2").orElseThrow());
    assertEquals(0.3, prices.set("llama-3.3-70b").orElseThrow().prompt(), "the longest name wins");
    assertEquals(1, prices.set("router/gpt-4o-mini").orElseThrow().prompt());
    assertEquals(Optional.empty(), prices.set("gpt-4o-mini"));
    Usage.Step used = used(1000, 0, 1000, 0, 0);
    assertEquals(7e-3, cost(prices, "gpt-4o", used, NOTHING));
    assertEquals(0.15e-3, cost(prices, "gpt-4o-mini", used, NOTHING));
  }

  @ParameterizedTest
  @CsvSource({
    // What the vendor states for a million tokens asked and as many answered.
    "gpt-5.5,flex,2.5,15",
    "gpt-5.4,flex,1.25,7.5",
    "gpt-5.5,priority,12.5,75",
    "gpt-5.4-mini,priority,1.5,9",
    "openai/gpt-5.2-2025-12-11,priority,3.5,28",
    "gpt-5-mini,priority,0.45,3.6",
    "gpt-4.1-mini,priority,0.7,2.8",
    "gpt-4o-2024-08-06,priority,4.25,17",
    "gpt-4o-2024-05-13,priority,8.75,26.25",
    "gpt-4o-mini,priority,0.25,1",
    "o4-mini,priority,2,8",
    // No other price is known.
    "gpt-5.4,default,2.5,15",
    "gpt-6-sol,priority,2,10",
    "claude-haiku-4-5,priority,1,5",
    "claude-haiku-4-5,flex,1,5",
  })
  void theTierThatServedHasAPriceOfItsOwnWhereThatIsKnown(
      String model, String tier, double asked, double answered) {
    Usage.Step read = new Usage.Step(100_000, 0, 100_000, 0, 0, 0, null, 1, tier);
    Usage.Step written = new Usage.Step(0, 100_000, 100_000, 0, 0, 0, null, 1, tier);
    assertEquals(asked / 10, requireNonNull(cost(known, model, read, NOTHING)), 1e-9);
    assertEquals(answered / 10, requireNonNull(cost(known, model, written, NOTHING)), 1e-9);
    assertEquals(0.3, cost(known, model, read, DoubleNode.valueOf(0.3)), "what is reported holds");
    Prices set = prices(Map.of("a", new TestPrice("*", 7, Optional.empty(), Optional.empty(), 8)));
    assertEquals(
        0.7,
        requireNonNull(cost(set, model, read, NOTHING)),
        1e-9,
        "an operator's price holds for all");
  }

  @Test
  void aPriceThatIsNoneIsRefusedByItsKey() {
    for (TestPrice wrong :
        List.of(
            new TestPrice("m", -1, Optional.empty(), Optional.empty(), 1),
            new TestPrice("m", 1, Optional.empty(), Optional.of(Double.NaN), 1))) {
      var e = assertThrows(IllegalStateException.class, () -> prices(Map.of("mine", wrong)));
      assertTrue(String.valueOf(e.getMessage()).startsWith("errand.model.prices.mine"));
    }
  }

  @Test
  void cachedTokensCostLessAndReasoningCostsLikeOutput() {
    TokenPrice price = new TokenPrice(2, 0.5, 2, 10);

    assertEquals(
        0.4 * 2e-3 + 0.6 * 0.5e-3 + 9e-3, price.of(used(1000, 900, 1900, 600, 0), 0), 1e-12);
    assertEquals(2e-3 + 9e-3, price.of(used(1000, 100, 1900, 0, 0), 0), 1e-12, "in the total");
    assertEquals(0.5e-3, price.of(used(1000, 0, 1000, 5000, 0), 0), 1e-12, "at most all");
  }

  @Test
  void tokensPutIntoTheCacheCostMore() {
    TokenPrice price = Prices.known("anthropic", "claude-opus-5-5").orElseThrow();

    // 100 of 1000 prompt tokens were in the cache, and 600 were put there, 200 for an hour.
    Usage.Step used = used(1000, 0, 1000, 100, 600);
    assertEquals((300 * 4 + 100 * 0.2 + 600 * 5) / 1e6, price.of(used, 0), 1e-12);
    assertEquals((300 * 4 + 100 * 0.2 + 400 * 5 + 200 * 8) / 1e6, price.of(used, 200), 1e-12);
    assertEquals((300 * 4 + 100 * 0.2 + 600 * 8) / 1e6, price.of(used, 5000), 1e-12, "at most all");
    assertEquals(
        (100 * 0.2 + 900 * 5) / 1e6, price.of(used(1000, 0, 1000, 100, 5000), 0), 1e-12, "no more");
  }

  @Test
  void aLongPromptCostsMoreAsAWhole() {
    TokenPrice haiku = Prices.known("anthropic", "claude-haiku-5-5").orElseThrow();
    assertEquals(1e4 / 1e6 + 5e-4, haiku.of(used(100_000, 1000, 101_000, 0, 0), 0), 1e-12);
    assertEquals(
        (50_001 * 0.5 + 50_000 * 0.05 + 1000 * 2.5) / 1e6,
        haiku.of(used(100_001, 1000, 101_001, 50_000, 0), 0),
        1e-12);
    TokenPrice sol = Prices.known("openai", "gpt-6.2-sol").orElseThrow();
    assertEquals(
        (272_001 * 4 + 1000 * 15) / 1e6, sol.of(used(272_001, 1000, 273_001, 0, 0), 0), 1e-12);
  }

  @Test
  void aVendorsCachePricesFollowItsRule() {
    PriceTable.ANTHROPIC
        .prices()
        .forEach(
            (model, price) -> {
              assertEquals(1.25 * price.prompt(), price.cacheWrite(), 1e-9, model);
              assertEquals(2 * price.prompt(), price.longCacheWrite(), 1e-9, model);
              assertTrue(price.cached() <= 0.1 * price.prompt() + 1e-9, model);
            });
    PriceTable.OPENAI
        .prices()
        .forEach((model, price) -> assertTrue(price.cached() <= price.prompt(), model));
  }

  @Test
  void whatTheServerReportsWinsThenTheOperatorThenAKeylessEndpoint() {
    Prices prices =
        prices(Map.of("a", new TestPrice("mine", 7, Optional.empty(), Optional.empty(), 8)));
    Usage.Step used = used(1000, 0, 1000, 0, 0);
    Usage.Step uncounted = used(0, 0, 0, 0, 0);

    assertEquals(3, cost(prices, "mine", used, DoubleNode.valueOf(3)));
    assertEquals(7e-3, prices.priced(call("mine", KEYLESS), used, NOTHING, "").costUsd());
    assertEquals(0, prices.priced(call("gpt-4o", KEYLESS), used, NOTHING, "").costUsd());
    assertEquals(0, prices.priced(call("llama", KEYLESS), uncounted, NOTHING, "").costUsd());
    assertNull(cost(prices, "gpt-4o", uncounted, NOTHING), "not counted is not free");
    assertNull(cost(prices, "llama", used, NOTHING));
    assertEquals(
        2.5e-3,
        prices.priced(call("alias", "http://other.example/v1"), used, NOTHING, "gpt-4o").costUsd(),
        "the model that answered");
  }

  @Test
  void theDocumentSaysOfWhenThePricesAre() throws IOException {
    String concepts = Files.readString(Path.of("src", "docs", "concepts.md"));
    for (PriceTable table : List.of(PriceTable.OPENAI, PriceTable.ANTHROPIC)) {
      assertTrue(concepts.contains(table.asOf().toString()), table.provider());
    }
  }

  private static Prices prices(Map<String, ModelConfig.ModelPrice> set) {
    return new Prices(set, URI.create(KEYLESS)::equals, _ -> "openai");
  }

  private static @Nullable Double cost(
      Prices prices, String model, Usage.Step used, JsonNode reported) {
    return prices.priced(call(model, "http://other.example/v1"), used, reported, "").costUsd();
  }

  private static ModelCall call(String model, String url) {
    Duration time = Duration.ofMinutes(5);
    return new ModelCall(
        new Question<>(
            new OpenAiSettings("Hello", model, url),
            "",
            List.of(),
            List.of(),
            new Bounds(Instant.EPOCH, time, 9, 999, 1, 9, 3, Set.of(), Set.of()),
            null),
        URI.create(url),
        "chat/completions",
        Map.of(),
        () -> {
          throw new AssertionError("nothing is sent");
        });
  }

  private static Usage.Step used(
      long prompt, long completion, long total, long cached, long cacheWrite) {
    return new Usage.Step(prompt, completion, total, cached, cacheWrite, 0, null, 1);
  }

  private record TestPrice(
      String model,
      double prompt,
      Optional<Double> cached,
      Optional<Double> cacheWrite,
      double completion)
      implements ModelConfig.ModelPrice {}
}
