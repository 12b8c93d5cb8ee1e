package dev.errand.app.database;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the migration at the start waits for locks. */
@ConfigMapping(prefix = "errand.migration")
interface MigrationConfig {
  /** How long one attempt waits for a lock, while other statements wait behind it. */
  @WithDefault("PT3S")
  @WithConverter(MoreThanZero.class)
  Duration lockTimeout();

  /** How long the start retries before it fails and names the process that holds the lock. */
  @WithDefault("PT45S")
  @WithConverter(MoreThanZero.class)
  Duration longestWait();
}
