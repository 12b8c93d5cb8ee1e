package dev.errand.models.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelEndpoints;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
  private final Predicate<URI> isKeyless;
  private final UnaryOperator<String> provider;

  @Inject
  Prices(ModelConfig config, ModelEndpoints endpoints, Runners runners) {
    this(
        config.prices(),
        endpoints::isKeyless,
        runner -> runners.find(runner).map(ModelPort::provider).orElse(runner));
  }

  /**
   * Prices with the operator's settings, which override the built-in prices.
   *
   * @param isKeyless whether the operator declared that an endpoint needs no key
   * @param provider the vendor of a runner
   */
  Prices(
      Map<String, ModelConfig.ModelPrice> set,
      Predicate<URI> isKeyless,
      UnaryOperator<String> provider) {
    this.isKeyless = isKeyless;
    this.provider = provider;
    set.forEach(
        (name, price) -> {
          try {
            own.put(
                price.model().toLowerCase(Locale.ROOT),
                new TokenPrice(
                    price.prompt(),
                    price.cached().orElse(price.prompt()),
                    price.cacheWrite().orElse(price.prompt()),
                    price.completion()));
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
  public Usage.Step priced(ModelCall call, Usage.Step used, JsonNode reported, String answered) {
    return priced(call, used, 0, reported, answered);
  }

  /**
   * Adds the cost to the usage of an answer, if it is known.
   *
   * @param longWrites the part of the tokens put into the cache that the vendor keeps for the
   *     longer of two times
   * @param reported the cost that the server reports; anything but a number where it reports none
   * @param answered the model that answered, by the server's report; may be empty
   */
  public Usage.Step priced(
      ModelCall call, Usage.Step used, long longWrites, JsonNode reported, String answered) {
    if (reported.isNumber()) {
      return used.costing(Math.clamp(reported.asDouble(), 0, MOST_DOLLARS));
    }
    String asked = call.settings().model();
    Optional<TokenPrice> set = set(asked).or(() -> set(answered));
    if (set.isEmpty() && isKeyless.test(call.endpoint())) {
      return used.costing(0);
    }
    if (used.totalTokens() == 0) {
      return used; // The server does not count tokens, which does not mean that the answer was
      // free.
    }
    return set.or(
            () -> {
              String vendor = provider.apply(call.settings().runner());
              return known(vendor, asked).or(() -> known(vendor, answered));
            })
        .map(price -> used.costing(price.of(used, longWrites)))
        .orElse(used);
  }

  /**
   * The price of a model before it has answered; empty where none is known, so that only its server
   * can say what an answer cost.
   */
  public Optional<TokenPrice> of(ModelSettings settings, URI endpoint) {
    // A server without a key may hand requests on, and report what they cost.
    return set(settings.model())
        .or(() -> known(provider.apply(settings.runner()), settings.model()))
        .or(() -> isKeyless.test(endpoint) ? Optional.of(TokenPrice.FREE) : Optional.empty());
  }

  /** The operator's price of a model. */
  Optional<TokenPrice> set(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    return find(own, name).or(() -> find(own, bare(name)));
  }

  /** The built-in price of a model that a vendor's runner asks for. */
  static Optional<TokenPrice> known(String provider, String model) {
    String name = bare(model.toLowerCase(Locale.ROOT));
    // Gateways write the version of a Claude model with a dot.
    String written = name.startsWith("claude-") ? name.replace('.', '-') : name;
    return PriceTable.from(provider)
        .flatMap(table -> find(table.prices(), written).stream())
        .findFirst();
  }

  private static String bare(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
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
