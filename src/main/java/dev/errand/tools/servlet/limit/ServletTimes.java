package dev.errand.tools.servlet.limit;

import java.time.Duration;

/** Port for telemetry: receives the durations of servlets. It is thread-safe and never blocks. */
public interface ServletTimes {
  /** Discards all durations. */
  ServletTimes NONE =
      new ServletTimes() {
        @Override
        public void loaded(Duration took) {}

        @Override
        public void called(Duration took, End end) {}
      };

  /**
   * A module was loaded: compiled, or restored from stored code.
   *
   * @param took without the time in the queue
   */
  void loaded(Duration took);

  /** A tool of a servlet was called. */
  void called(Duration took, End end);

  /** The end of a call. */
  enum End {
    /** It returned. */
    RETURNED,
    /** It failed or exceeded a limit. */
    FAILED,
    /** Its time was over. */
    STOPPED
  }
}
