package dev.errand.models.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.Usage;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the prices of models. A price applies to the model of its name, to its dated versions
 * ({@code gpt-4o-2024-08-06}), and to both with a provider's prefix ({@code openai/gpt-4o}).
 */
@Singleton
public class Prices {
  private static final double MOST_DOLLARS = 1e6;
  private static final Pattern DATE =
      Pattern.compile("-([0-9]{4}(-[0-9]{2}-[0-9]{2})?|[0-9]{8}|latest)");

  private final Map<String, TokenPrice> own = new HashMap<>();

  @Inject
  Prices(ModelConfig config) {
    this(config.prices());
  }

  /** Prices with the operator's settings, which override the built-in prices. */
  Prices(Map<String, ModelConfig.ModelPrice> set) {
    set.forEach(
        (name, price) -> {
          try {
            own.put(
                price.model().toLowerCase(Locale.ROOT),
                new TokenPrice(
                    price.prompt(), price.cached().orElse(price.prompt()), price.completion()));
          } catch (IllegalArgumentException e) {
            throw new IllegalStateException("errand.model.prices." + name + ": " + e.getMessage());
          }
        });
  }

  // Creates this bean at the start, which fails if a configured price is not valid.
  void start(@Observes StartupEvent event) {}

  /**
   * Adds the cost to the usage of an answer, if it is known.
   *
   * @param reported the cost that the server reports; anything but a number where it reports none
   * @param answered the model that answered, by the server's report; may be empty
   */
  public Usage.Step priced(Usage.Step used, JsonNode reported, String asked, String answered) {
    if (reported.isNumber()) {
      return used.costing(Math.clamp(reported.asDouble(), 0, MOST_DOLLARS));
    }
    if (used.totalTokens() == 0) {
      return used; // The server does not count tokens, which does not mean that the answer was
      // free.
    }
    return of(asked).or(() -> of(answered)).map(price -> used.costing(price.of(used))).orElse(used);
  }

  Optional<TokenPrice> of(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    String bare = name.substring(name.lastIndexOf('/') + 1);
    return find(own, name).or(() -> find(own, bare)).or(() -> find(KnownPrices.OPENAI, bare));
  }

  private static Optional<TokenPrice> find(Map<String, TokenPrice> prices, String model) {
    TokenPrice exact = prices.get(model);
    if (exact != null) {
      return Optional.of(exact);
    }
    return prices.entrySet().stream()
        .filter(price -> covers(price.getKey(), model))
        .max(Comparator.comparingInt(price -> price.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static boolean covers(String known, String model) {
    if (known.endsWith("*")) {
      return model.startsWith(known.substring(0, known.length() - 1));
    }
    return model.startsWith(known) && DATE.matcher(model.substring(known.length())).matches();
  }
}
