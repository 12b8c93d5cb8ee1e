package dev.errand.tools.servlet.code;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The folder of compiled servlets, besides the copies in the database. */
@ConfigMapping(prefix = "errand.code")
interface CodeConfig {
  /** The size of that folder; the least recently used code is removed. 0 disables it. */
  @WithDefault("256M")
  MemorySize disk();
}
