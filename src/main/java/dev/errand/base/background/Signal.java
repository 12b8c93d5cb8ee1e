package dev.errand.base.background;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A wake-up for one thread. Several signals before it wakes count as one, since it then looks at
 * everything.
 */
public final class Signal {
  private final Semaphore given = new Semaphore(0);

  public void give() {
    if (given.availablePermits() == 0) {
      given.release();
    }
  }

  public void await(Duration most) throws InterruptedException {
    boolean _ = given.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
    given.drainPermits();
  }
}
