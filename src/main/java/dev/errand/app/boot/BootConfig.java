package dev.errand.app.boot;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Access at the first start. */
@ConfigMapping(prefix = "errand.bootstrap")
interface BootConfig {
  /**
   * A text of 32 or more characters, which is a session of {@code admin} while it is set. In
   * development a session is generated at every start.
   */
  Optional<String> session();
}
