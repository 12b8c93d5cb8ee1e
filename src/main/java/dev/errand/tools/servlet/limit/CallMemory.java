package dev.errand.tools.servlet.limit;

/**
 * One call's part of the {@link SharedMemory}. It counts from {@link #open} to {@link #close};
 * memory that exists before a call runs is bounded in other ways.
 */
public final class CallMemory {
  private final SharedMemory all;
  private long held;
  private boolean open;

  public CallMemory(SharedMemory all) {
    this.all = all;
  }

  /**
   * Begins to count, with the memory held so far.
   *
   * @throws CallEnded.Failed when the shared memory is used up
   */
  public void open() {
    all.change(0, held);
    open = true;
  }

  /**
   * Acquires more memory; a negative number releases some.
   *
   * @throws CallEnded.Failed when the shared memory is used up
   */
  public void take(long bytes) {
    if (open) {
      all.change(held, held + bytes);
    }
    held += bytes;
  }

  /** Releases all memory. */
  public void close() {
    if (open) {
      open = false;
      all.change(held, 0);
    }
  }
}
