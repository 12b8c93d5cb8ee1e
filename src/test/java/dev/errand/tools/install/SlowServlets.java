package dev.errand.tools.install;

import dev.errand.support.Settings;
import java.util.Map;

/**
 * Calls may outlast a test, and keep their core meanwhile; a servlet that describes itself for ever
 * is given up soon.
 */
public final class SlowServlets implements Settings {
  /** As many as there are by default, where a process may have that many calls. */
  static final int CORES = Math.min(16, Runtime.getRuntime().availableProcessors());

  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.servlet.describe-time",
        "PT0.5S",
        "errand.servlet.wall-time",
        "PT30M",
        "errand.servlet.time-slice",
        "PT30M",
        "errand.servlet.queue-time",
        "PT30M",
        // One installation has all but two of them: as many as there are processors.
        "errand.servlet.cores",
        String.valueOf(CORES + 2));
  }
}
