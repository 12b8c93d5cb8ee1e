package dev.errand.base.background;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Hands on together what several threads add at the same moment, so that they share what handling
 * it costs. Nothing waits for company: an item that comes alone is handed on alone. While as many
 * batches as there may be are under way, what is added meanwhile becomes the next one.
 */
public final class Batcher<T> {
  private final int lanes;
  private final int most;
  private final Consumer<List<T>> work;
  private final Queue<T> added = new ConcurrentLinkedQueue<>();
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * A batcher.
   *
   * @param lanes how many batches may be under way at once
   * @param most how many items a batch has at most
   * @param work handles a batch, on a virtual thread; it must not throw
   */
  public Batcher(int lanes, int most, Consumer<List<T>> work) {
    this.lanes = lanes;
    this.most = most;
    this.work = work;
  }

  /** Adds an item, which is handed on at once or with the next batch. */
  public void add(T item) {
    added.add(item);
    if (enter()) {
      // Not on the caller's thread: its interrupt would harm what others have added. And not with
      // what it is about (its run, its trace), but with the loader of its classes.
      Thread thread =
          Thread.ofVirtual()
              .name("batch")
              .inheritInheritableThreadLocals(false)
              .unstarted(this::drain);
      thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
      thread.start();
    }
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
          work.accept(batch);
        }
      } finally {
        busy.decrementAndGet();
      }
      // What was added since the last look found this lane busy.
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
    return batch;
  }
}
