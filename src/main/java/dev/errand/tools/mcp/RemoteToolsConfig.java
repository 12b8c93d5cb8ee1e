package dev.errand.tools.mcp;

import dev.errand.base.config.MoreThanZero;
import dev.errand.base.config.OneOrMore;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of remote MCP servers whose tools are installed. */
@ConfigMapping(prefix = "errand.remote-tools")
public interface RemoteToolsConfig {
  /** How long a call may take, including all of its tries. */
  @WithDefault("PT2M")
  @WithConverter(MoreThanZero.class)
  Duration callTime();

  /** The answer of a call. */
  @WithDefault("4M")
  MemorySize answer();

  /** How long a server may take to list its tools, on all pages together. */
  @WithDefault("PT30S")
  @WithConverter(MoreThanZero.class)
  Duration listTime();

  /** The list of a server's tools, on all pages together. */
  @WithDefault("4M")
  MemorySize list();

  /**
   * Concurrent calls of remote tools in this process. One user, whatever the number of their
   * profiles, has at most all but one of them.
   */
  @WithDefault("64")
  @WithConverter(OneOrMore.class)
  int calls();

  /** How often a server's tools are checked for changes. */
  @WithDefault("PT1H")
  @WithConverter(MoreThanZero.class)
  Duration checkEvery();
}
