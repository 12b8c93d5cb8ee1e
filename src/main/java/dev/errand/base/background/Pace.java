package dev.errand.base.background;

import java.time.Duration;

/**
 * Keeps what one thread does again and again apart by a while; what comes later waits for nothing.
 */
public final class Pace {
  private final long least;
  private long next = System.nanoTime();

  public Pace(Duration least) {
    this.least = least.toNanos();
  }

  /** Waits until the while has passed since it was last done. */
  public void await() throws InterruptedException {
    long left = next - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  /** It was done. */
  public void done() {
    next = System.nanoTime() + least;
  }
}
