package dev.errand.app.telemetry;

import dev.errand.base.config.TrueOrFalse;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Metrics and traces. */
@ConfigMapping(prefix = "errand.observe")
interface ObserveConfig {
  /**
   * The age from which the metrics of the queue and of approvals are read from the database again.
   */
  @WithDefault("PT10S")
  Duration queueEvery();

  /**
   * Whether traces contain prompts, answers, and arguments and results of tools. Everybody with
   * access to the traces can then read them.
   */
  @WithDefault("false")
  @WithConverter(TrueOrFalse.class)
  boolean content();
}
