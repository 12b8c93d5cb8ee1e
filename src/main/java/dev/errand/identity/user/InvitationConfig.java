package dev.errand.identity.user;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Links by which users choose a password. */
@ConfigMapping(prefix = "errand.invitation")
interface InvitationConfig {
  /** How long a link by which a user chooses a password is valid. */
  @WithDefault("P7D")
  @WithConverter(MoreThanZero.class)
  Duration expires();
}
