package dev.errand.runs.worker;

import dev.errand.base.database.Outage;
import dev.errand.models.model.settings.ModelConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

  // Nothing but the start is needed: a shift is made when the first event comes.
  static void start(@Observes StartupEvent event, WorkerConfig config, ModelConfig models) {
    if (config.mode() == WorkerConfig.Mode.REQUEST) {
      doubt(config.budget(), models.timeout()).ifPresent(LOG::warn);
    }
  }

  /** What to say of a budget that a model may be given more time than. */
  static Optional<String> doubt(Duration budget, Duration timeout) {
    Duration half = budget.dividedBy(2);
    if (timeout.compareTo(half) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "A model may take "
            + timeout
            + " to answer (ERRAND_OPENAI_TIMEOUT), and an event has "
            + half
            + " for that, half of ERRAND_WORKER_BUDGET: what takes longer may be cut off and asked"
            + " for again. Raise the budget, or lower the timeout to half of it.");
  }

  /**
   * Works what there is until nothing is left to begin, or the budget is spent. Past half of the
   * budget, or when this process is about to stop, neither a run nor a step of one is begun; past
   * all of it what is still under way is cut off, which counts like a worker that was lost. Either
   * way it is handed back, to be gone on with from its last entry.
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
    Hours hours = new Hours();
    Semaphore ended = new Semaphore(0);
    List<Future<?>> going = new ArrayList<>();
    Upkeep upkeep = new Upkeep();
    try {
      while (System.nanoTime() < half && !worker.isLeaving()) {
        boolean mayBeMore = begin(going, ended::release, hours);
        going.removeIf(Future::isDone);
        if (!mayBeMore && going.isEmpty()) {
          return true;
        }
        await(ended, half);
        upkeep.run();
      }
      hours.over = true;
      while (!going.isEmpty() && System.nanoTime() < end) {
        await(ended, end);
        going.removeIf(Future::isDone);
        upkeep.run();
      }
      hours.spent = true;
      return false;
    } finally {
      hours.over = true;
      going.forEach(run -> run.cancel(true));
    }
  }

  /** Begins what there is, and says whether there may be more than what was going. */
  private boolean begin(List<Future<?>> going, Runnable ended, Hours hours) {
    if (!worker.hasRoom()) {
      return false;
    }
    try {
      return going.addAll(worker.begin(Integer.MAX_VALUE, ended, hours));
    } catch (RuntimeException e) {
      // What goes on was paid for, and waits by itself for the database's return.
      if (going.isEmpty() || !Outage.isPassing(e)) {
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

  /** When a shift's steps are begun, and when they have to be done. */
  private final class Hours implements Stint {
    private volatile boolean over;
    private volatile boolean spent;

    @Override
    public boolean goesOn() {
      return !over && !worker.isLeaving();
    }

    @Override
    public boolean isSpent() {
      return spent;
    }
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
