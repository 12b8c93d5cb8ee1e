package dev.errand.base.background;

import java.time.Duration;

/**
 * A minimum interval between repetitions of one thread; a repetition that is late does not wait.
 */
public final class MinimumInterval {
  private final long least;
  private volatile long next = System.nanoTime();

  public MinimumInterval(Duration least) {
    this.least = least.toNanos();
  }

  /** Whether the interval has passed since the last repetition. */
  public boolean isOver() {
    return next - System.nanoTime() <= 0;
  }

  /** Waits until the interval has passed since the last repetition. */
  public void await() throws InterruptedException {
    long left = next - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  public void done() {
    next = System.nanoTime() + least;
  }
}
