package dev.errand.identity.token;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Tokens, by which programs authenticate. */
@ConfigMapping(prefix = "errand.tokens")
public interface TokenConfig {
  /** How many tokens that have not expired a user may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int perUser();
}
