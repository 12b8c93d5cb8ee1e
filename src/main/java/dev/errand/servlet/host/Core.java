package dev.errand.servlet.host;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/** The right of one call to compute, which it gives back while it waits for something. */
final class Core {
  private final Semaphore cores;
  private boolean held = true;

  /** One core, which the maker has acquired. */
  Core(Semaphore cores) {
    this.cores = cores;
  }

  /** Something to wait for. */
  @FunctionalInterface
  interface Waiting<T> {
    T await() throws InterruptedException, ExecutionException;
  }

  /** Waits without holding the core, and takes one again before it goes on. */
  <T> T without(Waiting<T> waiting) throws InterruptedException, ExecutionException {
    release();
    var result = waiting.await();
    cores.acquire();
    held = true;
    return result;
  }

  /** Gives the core back, if it is held. */
  void release() {
    if (held) {
      held = false;
      cores.release();
    }
  }
}
