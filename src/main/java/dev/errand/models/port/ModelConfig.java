package dev.errand.models.port;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import dev.errand.base.config.TrueOrFalse;
import dev.errand.base.config.ZeroOrMore;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Settings for requests to models, for all runners. Each is also read by its former name, which
 * begins with {@code errand.openai} or {@code ERRAND_OPENAI}; where both are set, the present name
 * wins.
 */
@ConfigMapping(prefix = "errand.model")
public interface ModelConfig {

  /** How long one answer of a model may take. */
  @WithDefault("PT10M")
  @WithConverter(MoreThanZero.class)
  Duration timeout();

  /** Whether answers are streamed, by default of a task. */
  @WithDefault("false")
  @WithConverter(TrueOrFalse.class)
  boolean stream();

  /** How long connecting to a model's server may take. */
  @WithDefault("PT10S")
  @WithConverter(MoreThanZero.class)
  Duration connectTimeout();

  /** The most bytes of one answer of a model's server; beyond them the connection is cut. */
  @WithDefault("8M")
  MemorySize maxAnswer();

  /**
   * The most characters of one tool result that the model is given; the rest is cut with a mark.
   */
  @WithDefault("100000")
  @WithConverter(OneOrMore.class)
  int maxToolOutput();

  /** The most bytes of a picture in a tool result that the model is given. */
  @WithDefault("2M")
  MemorySize maxPicture();

  /**
   * The most pictures that the model is given in one run; 0 for models that read only text. Each
   * picture is sent again with every later request.
   */
  @WithDefault("10")
  @WithConverter(ZeroOrMore.class)
  int maxPictures();

  Retry retry();

  /** Prices of models, by any name; they take precedence over the built-in prices. */
  Map<String, ModelPrice> prices();

  /**
   * Endpoints that the operator trusts, by any name: tasks may use them even where the egress rules
   * would refuse them.
   */
  Map<String, Endpoint> endpoints();

  interface Retry {
    /** The longest wait before the second try; it doubles from try to try. */
    @WithDefault("PT1S")
    Duration backOff();

    /** The limit to which that wait grows. */
    @WithDefault("PT1M")
    Duration longestBackOff();

    /** The longest wait that a server may ask for; if it asks for more, this wait is used. */
    @WithDefault("PT1H")
    Duration longestWait();

    /** The wait from which a run returns to the queue and frees its worker. */
    @WithDefault("PT5S")
    Duration postponeFrom();
  }

  /** The price of a model, in US dollars per million tokens. */
  interface ModelPrice {
    /** The model, as tasks name it; with a {@code *} at the end, every model with that prefix. */
    String model();

    /** The price of prompt tokens. */
    double prompt();

    /** The price of cached prompt tokens; by default that of prompt tokens. */
    Optional<Double> cached();

    /**
     * The price of prompt tokens that the vendor puts into its cache; by default that of prompt
     * tokens.
     */
    Optional<Double> cacheWrite();

    /** The price of completion tokens. */
    double completion();
  }

  /** An endpoint that the operator trusts. */
  interface Endpoint {
    /** Its base URL, as tasks write it in {@code base_url}. */
    URI url();

    /** Whether it needs no key. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean keyless();
  }
}
