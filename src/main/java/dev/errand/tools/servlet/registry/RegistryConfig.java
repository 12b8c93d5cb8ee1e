package dev.errand.tools.servlet.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of the registry. */
@ConfigMapping(prefix = "errand.registry")
interface RegistryConfig {
  /** The most servlets that a user may publish. */
  @WithDefault("1000")
  int servletsPerUser();

  /** The most versions of a servlet, yanked ones included. */
  @WithDefault("1000")
  int versionsPerServlet();
}
