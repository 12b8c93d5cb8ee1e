package dev.errand.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;

/** What the first start goes by. */
@ConfigMapping(prefix = "errand")
interface BootConfig {

  /** The folder of the embedded database and of generated keys. */
  @WithDefault("data")
  String data();

  /**
   * Any text of 32 or more characters: at every start it is a valid session of {@code admin}, and
   * the one that was set before is not any more.
   */
  @WithName("bootstrap.session")
  Optional<String> bootstrapSession();

  /** The public base of absolute URLs in answers; taken from the request where it is unset. */
  Optional<String> url();
}
