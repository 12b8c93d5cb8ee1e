package dev.errand.tools.servlet.limit;

/**
 * What one call holds of the memory of all. It counts from when it is opened to when it is closed:
 * what is made before a call runs is bounded in other ways.
 */
public final class CallMemory {
  private final SharedMemory all;
  private long held;
  private boolean open;

  public CallMemory(SharedMemory all) {
    this.all = all;
  }

  /**
   * Counts what is held so far, and all that follows.
   *
   * @throws CallEnded.Failed when there is not that much
   */
  public void open() {
    all.change(0, held);
    open = true;
  }

  /**
   * Takes more.
   *
   * @throws CallEnded.Failed when there is not that much
   */
  public void take(long bytes) {
    if (open) {
      all.change(held, held + bytes);
    }
    held += bytes;
  }

  /** Gives everything back. */
  public void close() {
    if (open) {
      open = false;
      all.change(held, 0);
    }
  }
}
