package dev.errand.base.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Groups items that several threads add at the same moment into batches, so that they share the
 * cost of handling them. An item that is added alone is handled at once, as a batch of one. While
 * the maximum number of batches is being handled, added items form the next batch.
 */
public final class Batcher<T> {
  private final String name;
  private final int lanes;
  private final int most;
  private final long gather;
  private final Consumer<List<T>> work;
  private final Queue<T> added = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * A batcher.
   *
   * @param lanes how many batches may be handled at once
   * @param work handles a batch, on a virtual thread; it must not throw
   */
  public Batcher(String name, int lanes, int most, Consumer<List<T>> work) {
    this(name, lanes, most, Duration.ZERO, work);
  }

  /**
   * A batcher that waits for larger batches.
   *
   * @param gather how long a lane takes at least for a batch of several, before it takes the next
   *     one; a batch that would be full does not wait
   */
  public Batcher(String name, int lanes, int most, Duration gather, Consumer<List<T>> work) {
    this.name = name;
    this.lanes = lanes;
    this.most = most;
    this.gather = gather.toNanos();
    this.work = work;
  }

  /** Adds an item, which is handled at once or with the next batch. */
  public void add(T item) {
    waiting.incrementAndGet();
    added.add(item);
    if (enter()) {
      // Not on the caller's thread: its interrupt would break items that others added. The new
      // thread does not inherit the caller's context (its run, its trace), only its class loader.
      Thread thread =
          Thread.ofVirtual()
              .name(name)
              .inheritInheritableThreadLocals(false)
              .unstarted(this::drain);
      thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
      thread.start();
    }
  }

  /** How many items wait for their batch. */
  public int waiting() {
    return waiting.get();
  }

  private boolean enter() {
    int now = busy.get();
    while (now < lanes) {
      if (busy.compareAndSet(now, now + 1)) {
        return true;
      }
      now = busy.get();
    }
    return false;
  }

  private void drain() {
    do {
      try {
        for (List<T> batch = next(); !batch.isEmpty(); batch = next()) {
          long begun = System.nanoTime();
          work.accept(batch);
          if (batch.size() > 1) {
            gather(begun + gather - System.nanoTime());
          }
        }
      } finally {
        busy.decrementAndGet();
      }
      // Items added since the last look found this lane busy.
    } while (!added.isEmpty() && enter());
  }

  private List<T> next() {
    List<T> batch = new ArrayList<>();
    while (batch.size() < most) {
      T item = added.poll();
      if (item == null) {
        break;
      }
      batch.add(item);
    }
    waiting.addAndGet(-batch.size());
    return batch;
  }

  private void gather(long nanos) {
    if (nanos > 0 && waiting() < most) {
      try {
        Thread.sleep(Duration.ofNanos(nanos));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
