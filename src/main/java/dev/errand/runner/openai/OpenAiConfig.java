package dev.errand.runner.openai;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Where models are asked. */
@ConfigMapping(prefix = "errand.openai")
public interface OpenAiConfig {

  /** The model endpoint of tasks that name none of their own. */
  @WithDefault("https://api.openai.com/v1")
  URI baseUrl();

  /** How long one answer of a model may take. */
  @WithDefault("PT10M")
  Duration timeout();

  /** How long a connection to a model's server may take to stand. */
  @WithDefault("PT10S")
  Duration connectTimeout();

  /** The most bytes of one answer of a model's server; past them the connection is cut. */
  @WithDefault("8M")
  MemorySize maxAnswer();

  /**
   * The most characters of one tool result that the model is given; the rest is cut with a mark.
   */
  @WithDefault("100000")
  int maxToolOutput();

  /**
   * Endpoints that the operator vouches for, by any name: tasks may use them although the egress
   * rules would refuse them.
   */
  Map<String, Endpoint> endpoints();

  /** An endpoint that the operator vouches for. */
  interface Endpoint {
    /** Its base URL, as tasks write it in {@code openai.base_url}. */
    URI url();

    /** Whether it wants no key. */
    @WithDefault("false")
    boolean keyless();
  }
}
