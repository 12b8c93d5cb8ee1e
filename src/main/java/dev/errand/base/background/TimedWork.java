package dev.errand.base.background;

import dev.errand.base.database.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Works through a queue for a limited time, during a request, where there is no background work.
 * After half of the time nothing new is started; at its end, unfinished work is interrupted.
 */
public final class TimedWork {
  private static final Logger LOG = Logger.getLogger(TimedWork.class);

  private final long half;
  private final long end;
  private final Duration poll;
  private volatile boolean over;
  private volatile boolean spent;

  /** A queue and its workers. */
  public interface Queue {
    /** Starts queued items, as many as there is room for. */
    List<Future<?>> begin(Runnable ended);

    /** Whether new items may still be started. */
    default boolean isOpen() {
      return true;
    }

    /** Is called between two looks at the queue. */
    default void keep() throws InterruptedException {}
  }

  /**
   * A time limit that starts now.
   *
   * @param poll how long to wait for work to end before the queue is looked at again
   */
  public TimedWork(Duration budget, Duration poll) {
    long start = System.nanoTime();
    this.half = start + budget.dividedBy(2).toNanos();
    this.end = start + budget.toNanos();
    this.poll = poll;
  }

  /** Whether nothing new is started any more. */
  public boolean isOver() {
    return over;
  }

  /** Whether the whole time is used up, so that work interrupted now has taken too long. */
  public boolean isSpent() {
    return spent;
  }

  /**
   * Works through the queue until it is empty and all started work has ended, or the time is over.
   *
   * @return whether nothing was left
   * @throws InterruptedException when the calling thread is interrupted; unfinished work is
   *     interrupted
   */
  public boolean work(Queue queue) throws InterruptedException {
    Signal ended = new Signal();
    List<Future<?>> going = new ArrayList<>();
    try {
      while (System.nanoTime() - half < 0 && queue.isOpen()) {
        // Before the queue is looked at: what ends later may leave something there.
        going.removeIf(Future::isDone);
        boolean mayBeMore = begin(queue, ended, going);
        if (!mayBeMore && going.isEmpty()) {
          return true;
        }
        await(ended, half);
        queue.keep();
      }
      over = true;
      while (!going.isEmpty() && System.nanoTime() - end < 0) {
        await(ended, end);
        going.removeIf(Future::isDone);
        queue.keep();
      }
      spent = true;
      return false;
    } finally {
      over = true;
      going.forEach(work -> work.cancel(true));
    }
  }

  /** Starts queued items, and returns whether there may be more. */
  private static boolean begin(Queue queue, Signal ended, List<Future<?>> going) {
    try {
      return going.addAll(queue.begin(ended::give));
    } catch (RuntimeException e) {
      // Work that has started waits for the database itself, and may have been paid for.
      if (going.isEmpty() || !Outage.isPassing(e)) {
        throw e;
      }
      LOG.warnf("The queue could not be read, and will be read again: %s", e.getMessage());
      return true;
    }
  }

  private void await(Signal ended, long until) throws InterruptedException {
    Duration left = Duration.ofNanos(Math.max(until - System.nanoTime(), 1));
    // However the wait ends, the table is read next.
    ended.await(left.compareTo(poll) < 0 ? left : poll);
  }
}
