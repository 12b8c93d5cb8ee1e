package dev.errand.runs.worker;

import dev.errand.base.background.TimedWork;
import dev.errand.models.model.settings.ModelConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Works the queue while one request lasts, where nothing works it between requests. What the loop's
 * threads do besides is done here: leases are extended, and what was ended elsewhere is let go.
 */
@ApplicationScoped
public class RequestWorker {
  private static final Logger LOG = Logger.getLogger(RequestWorker.class);

  private final Worker worker;
  private final WorkerConfig config;

  RequestWorker(Worker worker, WorkerConfig config) {
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
    TimedWork time = new TimedWork(budget, config.watch());
    return time.work(new Runs(time));
  }

  /** The queue of runs, worked on for a time. */
  private final class Runs implements TimedWork.Queue, WorkBudget {
    private final TimedWork time;
    private final Upkeep upkeep = new Upkeep();

    Runs(TimedWork time) {
      this.time = time;
    }

    @Override
    public List<Future<?>> begin(Runnable ended) {
      return worker.begin(Integer.MAX_VALUE, ended, this);
    }

    @Override
    public boolean isOpen() {
      return !worker.isLeaving();
    }

    @Override
    public void keep() throws InterruptedException {
      upkeep.run();
    }

    @Override
    public boolean goesOn() {
      return !time.isOver() && !worker.isLeaving();
    }

    @Override
    public boolean isSpent() {
      return time.isSpent();
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
