package dev.errand.runs.queue.record;

import java.time.Duration;

/**
 * The depth of the queue.
 *
 * @param pending the number of runs that wait, including those scheduled for later
 * @param running the number of runs that a worker holds
 * @param age how long the run has been due that is due longest and could begin; zero without one
 * @param load the number of runs that could be worked now, those that are included
 */
public record QueueDepth(long pending, long running, Duration age, long load) {

  /**
   * How many processes it takes to work all runs that could be worked now: at least one, which also
   * does what is due by the clock.
   *
   * @param each how many runs a process works at once
   */
  public long processes(int each) {
    return Math.max(1, Math.ceilDiv(load, each));
  }
}
