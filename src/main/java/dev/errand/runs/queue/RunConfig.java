package dev.errand.runs.queue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What holds for all runs. */
@ConfigMapping(prefix = "errand.run")
public interface RunConfig {

  /**
   * How many runs of a profile may wait for a worker. One process never lets more wait; several
   * together may for a moment, and so may requests that come while schedules fire.
   */
  @WithDefault("20000")
  int queuedPerProfile();

  /** How long a run is kept after its end; its name is kept for ever. */
  @WithDefault("P30D")
  Duration retention();
}
