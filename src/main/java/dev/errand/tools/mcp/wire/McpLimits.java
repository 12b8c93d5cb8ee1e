package dev.errand.tools.mcp.wire;

import java.time.Duration;

/**
 * The bounds of one exchange with a server.
 *
 * @param end when it ends at the latest, by {@link System#nanoTime()}
 * @param bytes the most bytes of body that are read
 */
record McpLimits(long end, int bytes) {
  static McpLimits of(Duration time, int bytes) {
    return new McpLimits(System.nanoTime() + time.toNanos(), bytes);
  }

  /** What is left of the time; at least a millisecond, in which nothing comes of it. */
  Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
  }
}
