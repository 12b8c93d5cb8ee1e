package dev.errand.tools.servlet.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all servlet calls of this process share. Each call has a small part of its own,
 * so a modest call never fails because of others; the rest goes to calls on demand.
 */
public final class SharedMemory {
  /** The most bytes that a call has to itself. */
  private static final long MOST_OWN = 4L << 20;

  private final long total;
  private final long own;
  private final long open;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Creates the shared memory.
   *
   * @param total all memory, in bytes
   */
  public SharedMemory(long total, int calls) {
    this.total = total;
    this.own = Math.min(MOST_OWN, total / 2 / calls);
    this.open = total - own * calls;
  }

  /** How much of the part on demand is in use, in bytes. */
  long taken() {
    return taken.get();
  }

  /**
   * Changes how much a call holds.
   *
   * @throws CallEnded.Failed when the memory is used up; nothing has changed then
   */
  void change(long before, long after) {
    var more = beyond(after) - beyond(before);
    long now;
    do {
      now = taken.get();
      if (more > 0 && now + more > open) {
        throw refused();
      }
    } while (!taken.compareAndSet(now, now + more));
  }

  private CallEnded.Failed refused() {
    return new CallEnded.Failed(
        "The tool was stopped because the tools that run now need more memory than their shared"
            + " limit of %s; call it again later.".formatted(Limits.size(total)));
  }

  private long beyond(long held) {
    return Math.max(0, held - own);
  }
}
