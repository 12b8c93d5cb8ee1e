package dev.errand.identity.profile;

import dev.errand.base.config.OneOrMore;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Profiles of users. */
@ConfigMapping(prefix = "errand.profiles")
public interface ProfileConfig {
  /** How many profiles a user may have. */
  @WithDefault("100")
  @WithConverter(OneOrMore.class)
  int perUser();
}
