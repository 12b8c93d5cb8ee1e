package dev.errand.tools.servlet.limit;

import java.time.Duration;

/** Is told how long servlets take; it neither waits nor fails. Any thread may tell. */
public interface ServletTimes {
  /** Tells nobody. */
  ServletTimes NONE =
      new ServletTimes() {
        @Override
        public void loaded(Duration took) {}

        @Override
        public void called(Duration took, End end) {}
      };

  /**
   * A module was made ready to be called: compiled, or taken from where its code was kept.
   *
   * @param took without the time in the queue
   */
  void loaded(Duration took);

  /**
   * A tool of a servlet was called.
   *
   * @param took without the time in the queue
   */
  void called(Duration took, End end);

  /** How a call ended. */
  enum End {
    /** It returned. */
    RETURNED,
    /** It failed by itself, or went past a limit. */
    FAILED,
    /** Its time was over. */
    STOPPED
  }
}
