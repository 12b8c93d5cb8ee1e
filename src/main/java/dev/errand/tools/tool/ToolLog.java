package dev.errand.tools.tool;

/** Takes the lines that a tool logs. */
@FunctionalInterface
public interface ToolLog {
  /** Drops every line. */
  ToolLog NONE = (level, line) -> {};

  /**
   * Takes one line.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   * @param line what is logged
   */
  void line(int level, String line);
}
