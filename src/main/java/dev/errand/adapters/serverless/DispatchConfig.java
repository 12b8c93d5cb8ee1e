package dev.errand.adapters.serverless;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where events go in request mode. */
@ConfigMapping(prefix = "errand.dispatch")
public interface DispatchConfig {
  /** Takes the events; by default what Knative sets as {@code K_SINK}. */
  @WithDefault("${K_SINK:}")
  Optional<URI> url();

  /** Sent as {@code Authorization: Bearer …}. */
  Optional<String> token();

  /** Holds the token where the platform renews it, and is read at each use. */
  Optional<Path> tokenFile();

  /** How long a trigger waits for its event to be taken, before it answers without. */
  @WithDefault("PT5S")
  @MoreThanZero
  Duration timeout();
}
