package dev.errand.support;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for work that was begun. */
public final class Futures {
  private Futures() {}

  /** Waits for all of it, and says how much it was. */
  public static int awaitAll(List<Future<?>> begun) throws InterruptedException {
    for (Future<?> work : begun) {
      try {
        work.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
    return begun.size();
  }
}
