package dev.errand.base.background;

import java.time.Duration;

/**
 * Work of request mode that each tick event does while it executes runs, as a periodic job of loop
 * mode does it. Beans that implement it are found.
 */
public interface TickWork {
  /** What it does, for the log, such as {@code run housekeeping}. */
  String name();

  /**
   * Does what is due.
   *
   * @param most after which nothing further begins; the rest is left to the next event
   */
  void work(Duration most) throws InterruptedException;
}
