package dev.errand.app.migration;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a start waits for locks that others hold on the tables that it migrates. */
@ConfigMapping(prefix = "errand.migration")
interface MigrationConfig {

  /** How long one try waits for a lock: as long as others wait behind it. */
  @WithDefault("PT3S")
  @MoreThanZero
  Duration lockTimeout();

  /** How long a start tries again before it fails. */
  @WithDefault("PT45S")
  @MoreThanZero
  Duration longestWait();
}
