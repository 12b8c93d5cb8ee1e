package dev.errand.adapters.serverless;

import dev.errand.automation.delivery.Deliverer;
import dev.errand.automation.schedule.ScheduleTicker;
import dev.errand.base.background.TickWork;
import dev.errand.runs.worker.RequestWorker;
import dev.errand.runs.worker.Rescuer;
import dev.errand.runs.worker.WorkerConfig;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** The background work of loop mode, within the budget of one event. */
@ApplicationScoped
class EventWork {
  private static final Logger LOG = Logger.getLogger(EventWork.class);

  // The part of the budget for firing schedules, before their runs are executed.
  private static final int PARTS_FOR_SCHEDULES = 4;

  private final ScheduleTicker schedules;
  private final Rescuer rescuer;
  private final List<TickWork> others;
  private final Deliverer deliverer;
  private final RequestWorker worker;
  private final Dispatcher dispatcher;
  private final WorkerConfig config;

  EventWork(
      ScheduleTicker schedules,
      Rescuer rescuer,
      @All List<TickWork> others,
      Deliverer deliverer,
      RequestWorker worker,
      Dispatcher dispatcher,
      WorkerConfig config) {
    this.schedules = schedules;
    this.rescuer = rescuer;
    this.others = others;
    this.deliverer = deliverer;
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.config = config;
  }

  /** Executes runs and sends their callbacks. The rest is left to another event. */
  void workRuns() throws InterruptedException {
    work(new Budget(config.budget()));
  }

  /**
   * Does everything that is due: fires schedules, rescues runs of lost processes, sends callbacks,
   * does what else a tick has to do, such as housekeeping, and executes runs as any event does.
   */
  void doWhatIsDue() throws InterruptedException {
    Budget budget = new Budget(config.budget());
    each("fire schedules", () -> schedules.tick(budget.left().dividedBy(PARTS_FOR_SCHEDULES)));
    each("recover runs", rescuer::rescue);
    // A callback receiver that does not answer must not delay runs. The other parts are awaited.
    try (ExecutorService besides = Executors.newVirtualThreadPerTaskExecutor()) {
      besides.execute(() -> each("send callbacks", () -> deliverer.work(budget.left())));
      besides.execute(() -> each("delete old callbacks", deliverer::forget));
      others.forEach(
          other -> besides.execute(() -> each(other.name(), () -> other.work(budget.left()))));
      work(budget);
    }
  }

  private void work(Budget budget) throws InterruptedException {
    if (!worker.work(budget.left())) {
      dispatcher.dispatch("rest");
    }
    each("send callbacks", () -> deliverer.work(budget.left()));
  }

  @FunctionalInterface
  private interface WorkPart {
    void doIt() throws InterruptedException;
  }

  // A failure does not prevent the other parts; the next tick repeats it.
  private static void each(String what, WorkPart work) {
    try {
      work.doIt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warnf("An event could not %s, and the next tick tries again: %s", what, e.getMessage());
    }
  }

  private record Budget(long end) {
    Budget(Duration all) {
      this(System.nanoTime() + all.toNanos());
    }

    Duration left() {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
  }
}
