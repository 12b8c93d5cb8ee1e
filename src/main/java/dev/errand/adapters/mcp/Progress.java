package dev.errand.adapters.mcp;

import dev.errand.tools.port.ToolProgress;
import java.io.IOException;

/** Receives the progress of a call while its client waits. */
public interface Progress {
  /** Progress that is not sent. */
  Progress NONE =
      new Progress() {
        @Override
        public boolean isWanted() {
          return false;
        }

        @Override
        public void report(ToolProgress reached) {}

        @Override
        public void keepAlive() {}
      };

  boolean isWanted();

  /** Reports how far it has got; nothing is sent where that is no further than before. */
  void report(ToolProgress reached) throws IOException;

  /** Reports a step. */
  default void report(int step, String message) throws IOException {
    report(new ToolProgress(step, null, message));
  }

  /** Keeps the connection open while nothing happens. */
  void keepAlive() throws IOException;
}
