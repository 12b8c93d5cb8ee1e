package dev.errand.runs.queue;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Limits of runs. */
@ConfigMapping(prefix = "errand.run")
public interface RunConfig {

  /**
   * The most runs of a profile that may wait for a worker. Several processes together may exceed it
   * for a moment, and so may requests while schedules fire.
   */
  @WithDefault("20000")
  @Min(value = 1, message = "must be 1 or more")
  int queuedPerProfile();

  /** How long a run is kept after its end; its name stays taken. */
  @WithDefault("P30D")
  @MoreThanZero
  Duration retention();
}
