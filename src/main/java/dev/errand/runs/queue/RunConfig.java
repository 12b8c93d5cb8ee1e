package dev.errand.runs.queue;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of runs. */
@ConfigMapping(prefix = "errand.run")
public interface RunConfig {

  /**
   * The most runs of a profile that may wait for a worker. Several processes together may exceed it
   * for a moment, and so may requests while schedules fire.
   */
  @WithDefault("20000")
  @WithConverter(OneOrMore.class)
  int queuedPerProfile();

  /** How long a run is kept after its end; its name stays taken. */
  @WithDefault("P30D")
  @WithConverter(MoreThanZero.class)
  Duration retention();
}
