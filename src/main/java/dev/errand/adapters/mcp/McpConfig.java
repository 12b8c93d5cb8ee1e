package dev.errand.adapters.mcp;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The endpoint of the Model Context Protocol. */
@ConfigMapping(prefix = "errand.mcp")
public interface McpConfig {

  /**
   * The longest time that a call waits for a run; after it, the answer is the run's name and state.
   * Several chats cancel a call after 60 seconds.
   */
  @WithDefault("PT45S")
  @WithConverter(MoreThanZero.class)
  Duration longestWait();

  /**
   * The origins of web pages that may call the endpoint besides this service's own, separated by
   * commas, such as {@code https://inspector.example.com}. Programs send no origin.
   */
  Optional<List<String>> allowedOrigins();
}
