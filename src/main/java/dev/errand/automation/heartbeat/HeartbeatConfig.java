package dev.errand.automation.heartbeat;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Heartbeats to a monitor outside, which notices that they stop. */
@ConfigMapping(prefix = "errand.heartbeat")
public interface HeartbeatConfig {
  /**
   * The address that gets a GET request as long as this process works: its database answers and its
   * ticks fire schedules. Whoever knows it can keep the monitor quiet, so treat it as a secret;
   * none by default.
   */
  Optional<URI> url();

  /** How often loop mode sends it. In request mode each tick event does. */
  @WithDefault("PT1M")
  @WithConverter(MoreThanZero.class)
  Duration every();

  /** How long the monitor may take to answer. */
  @WithDefault("PT5S")
  @WithConverter(MoreThanZero.class)
  Duration timeout();
}
