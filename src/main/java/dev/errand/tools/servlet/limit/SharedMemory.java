package dev.errand.tools.servlet.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all calls of this process have together. Each has a small part of it to itself,
 * so that none fails for what others hold as long as it is modest; what is left is for whoever
 * comes first.
 */
public final class SharedMemory {
  /** The most that a call has to itself. */
  private static final long MOST_OWN = 4L << 20;

  private final long total;
  private final long own;
  private final long open;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Memory of so many bytes.
   *
   * @param calls how many calls there can be at once
   */
  public SharedMemory(long total, int calls) {
    this.total = total;
    this.own = Math.min(MOST_OWN, total / 2 / calls);
    this.open = total - own * calls;
  }

  /** How much of what is for whoever comes first is taken, in bytes. */
  long taken() {
    return taken.get();
  }

  /**
   * Changes what a call holds.
   *
   * @param before bytes that it holds
   * @param after bytes that it is to hold
   * @throws CallEnded.Failed when there is not that much; it holds what it held then
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
        "The tool was stopped because the tools that run at this time need more memory than the %s"
                .formatted(Limits.size(total))
            + " that they may have together; call it again later.");
  }

  private long beyond(long held) {
    return Math.max(0, held - own);
  }
}
