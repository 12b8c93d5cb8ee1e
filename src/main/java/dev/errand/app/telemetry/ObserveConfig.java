package dev.errand.app.telemetry;

import dev.errand.base.config.TrueOrFalse;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is told of to those who run the service. */
@ConfigMapping(prefix = "errand.observe")
interface ObserveConfig {

  /** How old what is told of the queue may be: so often at most the database is asked for it. */
  @WithDefault("PT10S")
  Duration queueEvery();

  /**
   * Whether traces hold what is said to models and tools, and what these say. Whoever can read the
   * traces can then read what the runs are about.
   */
  @WithDefault("false")
  @WithConverter(TrueOrFalse.class)
  boolean content();
}
