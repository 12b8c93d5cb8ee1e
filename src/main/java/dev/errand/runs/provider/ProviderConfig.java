package dev.errand.runs.provider;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Providers: stored endpoints of models with their keys. */
@ConfigMapping(prefix = "errand.providers")
public interface ProviderConfig {

  /** How many providers a user may have, and how many each profile may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int most();
}
