package dev.errand.models.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.model.Usage;
import dev.errand.models.model.settings.ModelConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Knows what models cost. A price holds for the model of its name, for that model as of a date
 * ({@code gpt-4o-2024-08-06}), and for both behind the name of a provider ({@code openai/gpt-4o}).
 */
@ApplicationScoped
public class Prices {
  private static final double MOST_DOLLARS = 1e6;
  private static final Pattern DATE =
      Pattern.compile("-([0-9]{4}(-[0-9]{2}-[0-9]{2})?|[0-9]{8}|latest)");

  private final Map<String, TokenPrice> own = new HashMap<>();

  @Inject
  Prices(ModelConfig config) {
    this(config.prices());
  }

  /** The prices that an operator set, over those that are known here. */
  Prices(Map<String, ModelConfig.ModelPrice> set) {
    set.forEach(
        (name, price) -> {
          try {
            own.put(
                price.model().toLowerCase(Locale.ROOT),
                new TokenPrice(
                    price.prompt(), price.cached().orElse(price.prompt()), price.completion()));
          } catch (IllegalArgumentException e) {
            throw new IllegalStateException("errand.openai.prices." + name + ": " + e.getMessage());
          }
        });
  }

  // That it is there at the start is all: a price that is none stops it.
  void start(@Observes StartupEvent event) {}

  /**
   * What an answer used, at its cost; without one where that is not known.
   *
   * @param told what the server says that it cost; anything but a number where it does not say
   * @param asked the model that was asked
   * @param answered the model that the server says has answered; may be empty
   */
  public Usage.Step priced(Usage.Step used, JsonNode told, String asked, String answered) {
    if (told.isNumber()) {
      return used.costing(Math.clamp(told.asDouble(), 0, MOST_DOLLARS));
    }
    if (used.totalTokens() == 0) {
      return used; // The server does not count; that is not the same as asking for nothing.
    }
    return of(asked).or(() -> of(answered)).map(price -> used.costing(price.of(used))).orElse(used);
  }

  /** The price of a model, if it is known. */
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
