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

  /**
   * The region of the API Gateway of AWS that receives the events, if it requires a signature: they
   * are then signed with the credentials of the function, and carry no token.
   */
  Optional<String> awsRegion();

  /** How long a start of a run waits for its event to be accepted before it answers anyway. */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration timeout();
}
