package dev.errand.base.background;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Says that there is something to look at. Given once or often, it is taken once: what it leads to
 * is a look at everything.
 */
public final class Signal {
  private final Semaphore given = new Semaphore(0);

  public void give() {
    if (given.availablePermits() == 0) {
      given.release();
    }
  }

  /** Waits until it is given, or for that long: then there is a look all the same. */
  public void await(Duration most) throws InterruptedException {
    boolean _ = given.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
    given.drainPermits();
  }
}
