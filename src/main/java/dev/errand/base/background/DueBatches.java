package dev.errand.base.background;

import dev.errand.base.database.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Works on rows that are due, a batch in a transaction. Of a batch that fails, each row is worked
 * on alone, so that one that fails, or takes too long, keeps no other back. While the database is
 * unreachable, nothing is tried alone.
 *
 * @param <K> what names a row
 */
public final class DueBatches<K> {
  private static final Logger LOG = Logger.getLogger(DueBatches.class);
  private static final int MOST_ROUNDS = 200;

  private final String rows;
  private final int size;
  private final Work<K> work;
  private final BiConsumer<K, RuntimeException> failed;

  /** The work on a batch, in a transaction of its own. */
  @FunctionalInterface
  public interface Work<K> {
    /**
     * Locks rows that are due, and does what is due.
     *
     * @param most how many at most
     * @param taken receives the locked ones, even if the work on them fails
     */
    void on(int most, List<K> taken);
  }

  /**
   * Divides the work on due rows.
   *
   * @param rows what they are, for the log
   * @param size how many are one batch
   * @param failed is told of a row that fails alone; it sees to it that the row is no longer due,
   *     or throws what ends the work, where the row must be worked on first
   */
  public DueBatches(String rows, int size, Work<K> work, BiConsumer<K, RuntimeException> failed) {
    this.rows = rows;
    this.size = size;
    this.work = work;
    this.failed = failed;
  }

  /** Whether there is time left, and this process is not stopping: then it interrupts its work. */
  public static boolean goesOn(long end) {
    return System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted();
  }

  /**
   * Works on batches until nothing is due. There is a most, so more may be due afterwards.
   *
   * @param end the time by {@link System#nanoTime} after which no other batch begins
   * @return how many rows were due
   */
  public int work(long end) {
    int all = 0;
    for (int round = 0; round < MOST_ROUNDS && goesOn(end); round++) {
      int due = some(size, end);
      all += due;
      if (due < size) {
        break;
      }
    }
    return all;
  }

  /**
   * Works on one batch.
   *
   * @param end the time after which no further row of a batch that failed is tried alone
   * @return how many rows were due
   */
  public int some(int most, long end) {
    List<K> taken = new ArrayList<>();
    try {
      work.on(most, taken);
      return taken.size();
    } catch (RuntimeException e) {
      if (taken.isEmpty() || Outage.isBehind(e)) {
        throw e;
      }
      if (taken.size() == 1) {
        failed.accept(taken.getFirst(), e);
        return 1;
      }
      LOG.warnf("%d %s are worked on one by one: %s", taken.size(), rows, e.getMessage());
    }
    // At least one, or a batch that fails late would be tried again for ever. More may be due than
    // were taken until it failed.
    int done = 0;
    int one;
    do {
      one = some(1, end);
      done += one;
    } while (one > 0 && done < most && goesOn(end));
    return done;
  }
}
