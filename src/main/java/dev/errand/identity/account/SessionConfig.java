package dev.errand.identity.account;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the sessions of users last. */
@ConfigMapping(prefix = "errand.session")
public interface SessionConfig {
  /** How long a session lasts after its last use. */
  @WithDefault("P14D")
  @WithConverter(MoreThanZero.class)
  Duration idle();

  /** How long a session lasts at most, however it is used. */
  @WithDefault("P90D")
  @WithConverter(MoreThanZero.class)
  Duration absolute();
}
