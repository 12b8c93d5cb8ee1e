package dev.errand.tools.tool;

/** Receives the lines that a tool logs. */
@FunctionalInterface
public interface ToolLog {
  /** Drops every line. */
  ToolLog NONE = (level, line) -> {};

  /** The level of what is usual. */
  int INFO = 30;

  /**
   * Receives one line.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   * @param line the line
   */
  void line(int level, String line);
}
