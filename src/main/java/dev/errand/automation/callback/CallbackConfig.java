package dev.errand.automation.callback;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How this process tells of the ends of runs. */
@ConfigMapping(prefix = "errand.callback")
public interface CallbackConfig {

  /** How many are told at once; of these at most four by one callback. */
  @WithDefault("16")
  @Min(value = 1, message = "must be 1 or more")
  int concurrency();

  /** Whether it is done in the background, or only when a request says so; as for the runs. */
  @WithDefault("${errand.worker.mode:loop}")
  Mode mode();

  /** How long one may take to answer. */
  @WithDefault("PT15S")
  @MoreThanZero
  Duration timeout();

  /** How often it is asked whether there is something to tell. */
  @WithDefault("PT1S")
  @MoreThanZero
  Duration poll();

  /** How it is done. */
  enum Mode {
    /** A loop in the background. */
    LOOP,
    /** Only on request. */
    REQUEST
  }
}
