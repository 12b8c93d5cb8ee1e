package dev.errand.worker;

import dev.errand.error.Outage;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Works the queue while one request lasts, where nothing works it between requests. What the loop's
 * threads do besides is done here: leases are extended, and what was ended elsewhere is let go.
 */
@ApplicationScoped
public class Shift {
  private static final Logger LOG = Logger.getLogger(Shift.class);

  private final Worker worker;
  private final WorkerConfig config;

  Shift(Worker worker, WorkerConfig config) {
    this.worker = worker;
    this.config = config;
  }

  /**
   * Works what there is until nothing is left to begin, or the budget is spent. Past half of the
   * budget, or when this process is about to stop, neither a run nor a step of one is begun; past
   * all of it what is still under way is cut off. Either way it is handed back, to be gone on with
   * from its last entry.
   *
   * @param budget how long it may take
   * @return whether nothing was left
   * @throws InterruptedException when the calling thread is interrupted; what is under way is
   *     handed back
   */
  public boolean work(Duration budget) throws InterruptedException {
    long start = System.nanoTime();
    long end = start + budget.toNanos();
    long half = start + budget.dividedBy(2).toNanos();
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Semaphore ended = new Semaphore(0);
    List<Future<?>> going = new ArrayList<>();
    Upkeep upkeep = new Upkeep();
    try {
      while (System.nanoTime() < half && !worker.isLeaving()) {
        boolean mayBeMore = begin(going, ended::release, () -> goesOn.get() && !worker.isLeaving());
        going.removeIf(Future::isDone);
        if (!mayBeMore && going.isEmpty()) {
          return true;
        }
        await(ended, half);
        upkeep.run();
      }
      goesOn.set(false);
      while (!going.isEmpty() && System.nanoTime() < end) {
        await(ended, end);
        going.removeIf(Future::isDone);
        upkeep.run();
      }
      return false;
    } finally {
      goesOn.set(false);
      going.forEach(run -> run.cancel(true));
    }
  }

  /** Begins what there is, and says whether there may be more than what was going. */
  private boolean begin(List<Future<?>> going, Runnable ended, BooleanSupplier goesOn) {
    if (!worker.hasRoom()) {
      return false;
    }
    try {
      return going.addAll(worker.begin(Integer.MAX_VALUE, ended, goesOn));
    } catch (RuntimeException e) {
      // What goes on was paid for, and waits by itself for the database's return.
      if (going.isEmpty() || !Outage.isBehind(e)) {
        throw e;
      }
      LOG.warnf("The queue could not be asked, and will be again: %s", e.getMessage());
      return true;
    }
  }

  private void await(Semaphore ended, long until) throws InterruptedException {
    long most = Math.min(until - System.nanoTime(), config.watch().toNanos());
    // Whatever the time ends by, the next look is at the table.
    boolean _ = ended.tryAcquire(Math.max(most, 1), TimeUnit.NANOSECONDS);
    ended.drainPermits();
  }

  /** Keeps what is held, as often as the loop would. */
  private final class Upkeep {
    private long extended = System.nanoTime();
    private long watched = extended;

    void run() throws InterruptedException {
      long now = System.nanoTime();
      try {
        if (now - extended >= config.lease().dividedBy(4).toNanos()) {
          extended = now;
          watched = now;
          worker.extendLeases();
        } else if (now - watched >= config.watch().toNanos()) {
          watched = now;
          worker.stopLost();
        }
      } catch (RuntimeException e) {
        LOG.warnf(
            "The runs held here could not be kept, and will be tried again: %s", e.getMessage());
      }
    }
  }
}
