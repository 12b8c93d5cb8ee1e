package dev.errand.models.model.settings;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.TrueOrFalse;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How models are asked, whichever runner asks them. The keys begin with the name of the first
 * runner.
 */
@ConfigMapping(prefix = "errand.openai")
public interface ModelConfig {

  /** The model endpoint of tasks of the runner openai that name none of their own. */
  @WithDefault("https://api.openai.com/v1")
  URI baseUrl();

  /** How long one answer of a model may take. */
  @WithDefault("PT10M")
  @MoreThanZero
  Duration timeout();

  /** Whether answers are read as they are written, by tasks that do not say. */
  @WithDefault("false")
  @WithConverter(TrueOrFalse.class)
  boolean stream();

  /** How long a connection to a model's server may take to stand. */
  @WithDefault("PT10S")
  @MoreThanZero
  Duration connectTimeout();

  /** The most bytes of one answer of a model's server; past them the connection is cut. */
  @WithDefault("8M")
  MemorySize maxAnswer();

  /**
   * The most characters of one tool result that the model is given; the rest is cut with a mark.
   */
  @WithDefault("100000")
  @Min(value = 1, message = "must be 1 or more")
  int maxToolOutput();

  /** The most bytes of a picture that a tool answers with and the model is shown. */
  @WithDefault("2M")
  MemorySize maxPicture();

  /**
   * The most pictures that the model is shown in one run; 0 for models that read text alone. Each
   * of them is sent with every request that follows.
   */
  @WithDefault("10")
  @Min(value = 0, message = "must be 0 or more")
  int maxPictures();

  /** How a model is asked again that did not answer. */
  Retry retry();

  /** Prices of models, by any name; they win over those that are known here. */
  Map<String, ModelPrice> prices();

  /**
   * Endpoints that the operator vouches for, by any name: tasks may use them although the egress
   * rules would refuse them.
   */
  Map<String, Endpoint> endpoints();

  /** How a model is asked again that did not answer. */
  interface Retry {
    /** The longest wait before the second try; it doubles from try to try. */
    @WithDefault("PT1S")
    Duration backOff();

    /** What the longest wait before a try grows to. */
    @WithDefault("PT1M")
    Duration longestBackOff();

    /** The longest wait that a server may ask for; where it asks for more, it is asked after it. */
    @WithDefault("PT1H")
    Duration longestWait();

    /** From which wait on a run goes back to the queue and frees its worker. */
    @WithDefault("PT5S")
    Duration postponeFrom();
  }

  /** What a model costs, in US dollars for a million tokens. */
  interface ModelPrice {
    /**
     * The model, as tasks name it in {@code openai.model}; with a {@code *} at its end, every model
     * whose name begins so.
     */
    String model();

    /** The price of what the model reads. */
    double prompt();

    /** The price of what it reads and its server had kept from before; by default the same. */
    Optional<Double> cached();

    /** The price of what it writes. */
    double completion();
  }

  /** An endpoint that the operator vouches for. */
  interface Endpoint {
    /** Its base URL, as tasks write it in {@code openai.base_url}. */
    URI url();

    /** Whether it wants no key. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean keyless();
  }
}
