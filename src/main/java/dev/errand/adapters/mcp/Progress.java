package dev.errand.adapters.mcp;

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
        public void report(int step, String message) {}

        @Override
        public void keepAlive() {}
      };

  boolean isWanted();

  /** Reports a step. */
  void report(int step, String message) throws IOException;

  /** Keeps the connection open while nothing happens. */
  void keepAlive() throws IOException;
}
