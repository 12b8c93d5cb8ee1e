package dev.errand.identity.auth;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** How many requests to the API each process accepts. */
@ConfigMapping(prefix = "errand.api")
public interface RequestLimitConfig {
  /** The most requests of a user per minute. */
  @WithDefault("300000")
  @WithConverter(OneOrMore.class)
  int perUser();

  /** The most requests by a token per minute. */
  @WithDefault("60000")
  @WithConverter(OneOrMore.class)
  int perToken();
}
