package dev.errand.tools.servlet.module;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the folder that caches compiled servlets, in addition to the database. */
@ConfigMapping(prefix = "errand.code")
interface CodeConfig {
  /** The size of that folder; the least recently used code is removed. 0 disables it. */
  @WithDefault("256M")
  MemorySize disk();
}
