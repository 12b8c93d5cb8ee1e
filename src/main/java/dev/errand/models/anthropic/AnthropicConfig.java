package dev.errand.models.anthropic;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Settings for requests to models by the runner {@code anthropic}. */
@ConfigMapping(prefix = "errand.anthropic")
interface AnthropicConfig {

  /**
   * The default model endpoint of tasks with the runner {@code anthropic}, with or without {@code
   * /v1} at its end.
   */
  @WithDefault("https://api.anthropic.com")
  URI baseUrl();
}
