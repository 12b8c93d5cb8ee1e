package dev.errand.app.boot;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What a start goes by. */
@ConfigMapping(prefix = "errand.bootstrap")
interface BootConfig {

  /**
   * Any text of 32 or more characters: at every start it is a valid session of {@code admin}, and
   * the one that was set before is not any more.
   */
  Optional<String> session();
}
