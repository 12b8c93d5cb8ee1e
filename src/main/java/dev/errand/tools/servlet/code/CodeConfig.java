package dev.errand.tools.servlet.code;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where the compiled code of servlets is kept, besides the database. */
@ConfigMapping(prefix = "errand.code")
interface CodeConfig {
  /** Room for compiled code in the data folder; what was used longest ago makes way. 0 for none. */
  @WithDefault("256M")
  MemorySize disk();
}
