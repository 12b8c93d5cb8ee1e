package dev.errand.base.background;

import dev.errand.base.database.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Works a queue for a limited time, where nothing works it in the background: while a request
 * lasts. Past half of the time nothing is begun; past all of it, what is under way is cut off.
 */
public final class TimedWork {
  private static final Logger LOG = Logger.getLogger(TimedWork.class);

  private final long half;
  private final long end;
  private final Duration poll;
  private volatile boolean over;
  private volatile boolean spent;

  /** A queue, and who works it. */
  public interface Queue {
    /**
     * Begins what there is and what there is room for.
     *
     * @param ended is to be run whenever some of it has ended
     */
    List<Future<?>> begin(Runnable ended);

    /** Whether something may be begun still. */
    default boolean isOpen() {
      return true;
    }

    /** Is called between two looks at the queue. */
    default void keep() throws InterruptedException {}
  }

  /**
   * A time that begins now.
   *
   * @param budget how long it is
   * @param poll how long a look at the queue waits for work to end
   */
  public TimedWork(Duration budget, Duration poll) {
    long start = System.nanoTime();
    this.half = start + budget.dividedBy(2).toNanos();
    this.end = start + budget.toNanos();
    this.poll = poll;
  }

  /** Whether nothing is begun any more. */
  public boolean isOver() {
    return over;
  }

  /** Whether what is interrupted now is so because it took too long. */
  public boolean isSpent() {
    return spent;
  }

  /**
   * Works the queue until nothing is left to begin and nothing under way, or the time is over.
   *
   * @return whether nothing was left
   * @throws InterruptedException when the calling thread is interrupted; what is under way is cut
   *     off
   */
  public boolean work(Queue queue) throws InterruptedException {
    Signal ended = new Signal();
    List<Future<?>> going = new ArrayList<>();
    try {
      while (System.nanoTime() - half < 0 && queue.isOpen()) {
        boolean mayBeMore = begin(queue, ended, going);
        going.removeIf(Future::isDone);
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

  /** Begins what there is, and says whether there may be more than what was going. */
  private static boolean begin(Queue queue, Signal ended, List<Future<?>> going) {
    try {
      return going.addAll(queue.begin(ended::give));
    } catch (RuntimeException e) {
      // What goes on waits by itself for the database's return, and may have been paid for.
      if (going.isEmpty() || !Outage.isPassing(e)) {
        throw e;
      }
      LOG.warnf("The queue could not be asked, and will be again: %s", e.getMessage());
      return true;
    }
  }

  private void await(Signal ended, long until) throws InterruptedException {
    Duration left = Duration.ofNanos(Math.max(until - System.nanoTime(), 1));
    // Whatever the wait ends by, the next look is at the table.
    ended.await(left.compareTo(poll) < 0 ? left : poll);
  }
}
