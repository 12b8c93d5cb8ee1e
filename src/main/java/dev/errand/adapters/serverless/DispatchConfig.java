package dev.errand.adapters.serverless;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Events of enqueued runs in request mode. */
@ConfigMapping(prefix = "errand.dispatch")
public interface DispatchConfig {
  /** The address that receives the events; by default {@code K_SINK}, which Knative sets. */
  @WithDefault("${K_SINK:}")
  Optional<URI> url();

  /** The bearer token to send. */
  Optional<String> token();

  /** The file with the token, if the platform renews it; it is read at each use. */
  Optional<Path> tokenFile();

  /** How long a start waits until its event is accepted, before it answers without. */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration timeout();
}
