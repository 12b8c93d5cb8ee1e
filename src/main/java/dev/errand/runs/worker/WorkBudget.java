package dev.errand.runs.worker;

import java.time.Duration;

/** The time for which a process executes runs before they return to the queue. */
interface WorkBudget {
  WorkBudget ENDLESS = () -> true;

  /** Whether another run, or another step of one, may begin. */
  boolean goesOn();

  default boolean isSpent() {
    return false;
  }

  /**
   * Waits between two tries of a step; the wait ends early when the process is about to stop.
   *
   * @return whether the next try may begin
   */
  default boolean pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
    return goesOn();
  }
}
