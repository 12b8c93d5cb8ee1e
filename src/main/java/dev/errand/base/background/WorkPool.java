package dev.errand.base.background;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Takes items from a queue, as many as there is room for, and handles each on its own virtual
 * thread.
 */
public final class WorkPool<T> {
  private final int size;
  private final Semaphore free;
  private final Consumer<T> work;
  private final Consumer<T> refused;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closing;

  /**
   * A pool.
   *
   * @param refused handles an item that was taken while the pool was stopped
   */
  public WorkPool(int size, Consumer<T> work, Consumer<T> refused) {
    this.size = size;
    this.free = new Semaphore(size);
    this.work = work;
    this.refused = refused;
  }

  /** Takes items, up to a number and to the free room, and starts to handle them. */
  public List<Future<?>> begin(int most, IntFunction<List<T>> claim, Runnable ended) {
    int wanted = reserve(most);
    List<Future<?>> begun = new ArrayList<>();
    try {
      if (wanted > 0) {
        claim.apply(wanted).forEach(item -> begin(item, ended, begun));
      }
    } finally {
      free.release(wanted - begun.size());
    }
    return begun;
  }

  /**
   * Reserves room for items.
   *
   * @return for how many, up to that number
   */
  public int reserve(int most) {
    int reserved = 0;
    while (reserved < most && !closing && free.tryAcquire()) {
      reserved++;
    }
    return reserved;
  }

  /** Starts to handle items in reserved room, and releases the room that they do not need. */
  public void beginReserved(int reserved, List<T> items, Runnable ended) {
    List<Future<?>> begun = new ArrayList<>();
    try {
      items.forEach(item -> begin(item, ended, begun));
    } finally {
      free.release(reserved - begun.size());
    }
  }

  private void begin(T item, Runnable ended, List<Future<?>> begun) {
    try {
      begun.add(threads.submit(() -> workOn(item, ended)));
    } catch (RejectedExecutionException e) {
      refused.accept(item);
    }
  }

  private void workOn(T item, Runnable ended) {
    try {
      work.accept(item);
    } finally {
      free.release();
      ended.run();
    }
  }

  /** How many more items could be started. */
  public int room() {
    return closing ? 0 : free.availablePermits();
  }

  public boolean isBusy() {
    return free.availablePermits() < size;
  }

  /** Stops taking items; started work continues. */
  public void leave() {
    closing = true;
  }

  /** Whether the pool has stopped taking items. */
  public boolean isLeaving() {
    return closing;
  }

  /** Stops taking items, and waits for the started work. */
  public void close() {
    leave();
    threads.close();
  }

  /** Stops taking items, interrupts the started work, and waits for it. */
  public void stop() {
    leave();
    threads.shutdownNow();
    threads.close();
  }
}
