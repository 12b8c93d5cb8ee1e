package dev.errand.models.openai;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Settings for requests to models by the runners {@code openai} and {@code responses}. */
@ConfigMapping(prefix = "errand.openai")
public interface OpenAiConfig {

  /** The default model endpoint of tasks with the runner {@code openai} or {@code responses}. */
  @WithDefault("https://api.openai.com/v1")
  URI baseUrl();
}
