package dev.errand.tools.servlet.module;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The memory that interpreted calls share for their frames. */
final class FrameBudget {
  private static final int PART_OF_HEAP = 16;

  /** That of this process: a sixteenth of its heap, which is known when it runs. */
  static final FrameBudget OF_PROCESS =
      new FrameBudget(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  private final LongSupplier most;
  private final AtomicLong reserved = new AtomicLong();

  FrameBudget(LongSupplier most) {
    this.most = most;
  }

  /** The most bytes of one call, so that one alone leaves some to others. */
  long mostOfOne() {
    return most.getAsLong() / 2;
  }

  long reserved() {
    return reserved.get();
  }

  boolean tryReserve(long bytes) {
    if (reserved.addAndGet(bytes) > most.getAsLong()) {
      reserved.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    reserved.addAndGet(-bytes);
  }
}
