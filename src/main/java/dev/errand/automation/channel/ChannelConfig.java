package dev.errand.automation.channel;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Channels: where the notices of a profile are sent. */
@ConfigMapping(prefix = "errand.channel")
public interface ChannelConfig {

  /** How many channels a profile may have. */
  @WithDefault("20")
  @WithConverter(OneOrMore.class)
  int most();

  /** The longest time that a receiver may take to accept a message. */
  @WithDefault("${errand.callback.timeout:PT15S}")
  @WithConverter(MoreThanZero.class)
  Duration timeout();

  /** How many test messages a profile may send per minute, by each process. */
  @WithDefault("6")
  @WithConverter(OneOrMore.class)
  int testsPerMinute();
}
