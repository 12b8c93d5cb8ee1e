package dev.errand.tools.mcp.wire;

import dev.errand.base.limit.AnswerMemory;
import dev.errand.tools.port.ToolLog;
import java.time.Duration;

/**
 * The bounds of one exchange with a server.
 *
 * @param end when it ends at the latest, by {@link System#nanoTime()}
 * @param bytes the most of one answer
 * @param memory holds what the answers take
 */
record McpLimits(long end, int bytes, ToolLog log, AnswerMemory memory) {
  static McpLimits of(Duration time, int bytes, AnswerMemory memory) {
    return of(time, bytes, ToolLog.NONE, memory);
  }

  static McpLimits of(Duration time, int bytes, ToolLog log, AnswerMemory memory) {
    return new McpLimits(System.nanoTime() + time.toNanos(), bytes, log, memory);
  }

  /** Whether the time is over. */
  boolean isOver() {
    return end - System.nanoTime() <= 0;
  }

  /** The remaining time; at least a millisecond, so that an expired limit fails at once. */
  Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
  }
}
