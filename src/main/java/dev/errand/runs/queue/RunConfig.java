package dev.errand.runs.queue;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What holds for all runs. */
@ConfigMapping(prefix = "errand.run")
public interface RunConfig {

  /**
   * How many runs of a profile may wait for a worker. One process never lets more wait; several
   * together may for a moment, and so may requests that come while schedules fire.
   */
  @WithDefault("20000")
  @Min(value = 1, message = "must be 1 or more")
  int queuedPerProfile();

  /** How long a run is kept after its end; its name is kept for ever. */
  @WithDefault("P30D")
  @MoreThanZero
  Duration retention();
}
