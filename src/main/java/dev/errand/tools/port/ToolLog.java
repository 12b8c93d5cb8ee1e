package dev.errand.tools.port;

/** Receives the log lines, the progress and the HTTP requests of a tool during a call. */
@FunctionalInterface
public interface ToolLog {
  /** Drops every line. */
  ToolLog NONE = (level, line) -> {};

  /** The usual level. */
  int INFO = 30;

  /**
   * Receives one line.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   */
  void line(int level, String line);

  /** Whether anybody sees {@link #progress}, so that a tool is asked for it. */
  default boolean wantsProgress() {
    return false;
  }

  /** Receives how far the call has got. */
  default void progress(ToolProgress reached) {}

  /** Receives an HTTP request of the tool that has ended. */
  default void request(ToolEgress made) {}
}
