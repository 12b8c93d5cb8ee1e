package dev.errand.runs.worker;

import dev.errand.base.background.TimedWork;
import dev.errand.base.background.WorkMode;
import dev.errand.models.port.ModelConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Works through the queue within one request, for platforms where nothing runs between requests. It
 * also extends leases and stops work on lost runs, as the threads of {@link WorkerLoop} do.
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

  // Static, so that the start does not create the worker: the first event does.
  static void start(@Observes StartupEvent event, WorkerConfig config, ModelConfig models) {
    if (config.mode() == WorkMode.REQUEST) {
      warning(config.budget(), models.timeout()).ifPresent(LOG::warn);
    }
  }

  /** A warning where the model timeout exceeds half of the budget; empty otherwise. */
  static Optional<String> warning(Duration budget, Duration timeout) {
    Duration half = budget.dividedBy(2);
    if (timeout.compareTo(half) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        ("A model may take %s to answer (ERRAND_MODEL_TIMEOUT), and an event has %s for that,"
                + " half of ERRAND_WORKER_BUDGET: a longer call may be cut off and repeated. Raise the"
                + " budget, or lower the timeout to half of it.")
            .formatted(timeout, half));
  }

  /**
   * Works through the queue until no due run is left, or the budget is spent. After half of the
   * budget, or when this process is about to stop, no run and no step begins. At the end of the
   * budget, open steps are cut off, which counts like the loss of a worker. Unfinished runs return
   * to the queue and continue from their last entry.
   *
   * @return whether no due run was left
   * @throws InterruptedException when the calling thread is interrupted; unfinished runs return to
   *     the queue
   */
  public boolean work(Duration budget) throws InterruptedException {
    if (worker.places() == 0) {
      return !worker.isAnyRunEligible();
    }
    TimedWork time = new TimedWork(budget, config.watch());
    return time.work(new Runs(time));
  }

  private final class Runs implements TimedWork.Queue, WorkBudget {
    private final TimedWork time;
    private final Upkeep upkeep = new Upkeep();

    Runs(TimedWork time) {
      this.time = time;
    }

    @Override
    public List<Future<?>> begin(Runnable ended) {
      Worker.Begun begun = worker.begin(ended, this);
      if (begun.isFilled()) {
        // More may wait: the queue is looked at again at once.
        ended.run();
      }
      return begun.runs();
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

    @Override
    public boolean pause(Duration time) throws InterruptedException {
      return worker.pause(time) && goesOn();
    }
  }

  /** Extends leases and stops lost work, as often as the loop does. */
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
            "The leases of this process's runs could not be extended; trying again: %s",
            e.getMessage());
      }
    }
  }
}
