package dev.errand.automation.delivery;

import dev.errand.base.background.WorkMode;
import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Deliveries to callbacks and channels. */
@ConfigMapping(prefix = "errand.callback")
public interface DeliveryConfig {

  /** How many deliveries run at the same time, at most four of one callback. */
  @WithDefault("16")
  @WithConverter(OneOrMore.class)
  int concurrency();

  /** Whether callbacks are sent in the background or only by events; by default as for runs. */
  @WithDefault("${errand.worker.mode:loop}")
  WorkMode mode();

  /** The longest time that a receiver may take to answer. */
  @WithDefault("PT15S")
  @WithConverter(MoreThanZero.class)
  Duration timeout();

  /** How often loop mode looks for due deliveries. */
  @WithDefault("PT1S")
  @WithConverter(MoreThanZero.class)
  Duration poll();

  /** How many deliveries of callbacks the profiles of a user may have repeated in an hour. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int redeliveriesPerHour();
}
