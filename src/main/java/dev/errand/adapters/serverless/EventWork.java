package dev.errand.adapters.serverless;

import dev.errand.automation.callback.CallbackDeliverer;
import dev.errand.automation.notice.NoticeRouter;
import dev.errand.automation.schedule.ScheduleTicker;
import dev.errand.runs.lifecycle.Housekeeping;
import dev.errand.runs.worker.RequestWorker;
import dev.errand.runs.worker.Rescuer;
import dev.errand.runs.worker.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
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
  private final Housekeeping housekeeping;
  private final NoticeRouter notices;
  private final CallbackDeliverer callbacks;
  private final RequestWorker worker;
  private final Dispatcher dispatcher;
  private final WorkerConfig config;

  EventWork(
      ScheduleTicker schedules,
      Rescuer rescuer,
      Housekeeping housekeeping,
      NoticeRouter notices,
      CallbackDeliverer callbacks,
      RequestWorker worker,
      Dispatcher dispatcher,
      WorkerConfig config) {
    this.schedules = schedules;
    this.rescuer = rescuer;
    this.housekeeping = housekeeping;
    this.notices = notices;
    this.callbacks = callbacks;
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.config = config;
  }

  /** Executes runs, and sends their callbacks and notices. The rest is left to another event. */
  void workRuns() throws InterruptedException {
    work(new Budget(config.budget()));
  }

  /**
   * Does everything that is due: fires schedules, rescues runs of lost processes, sends callbacks
   * and notices, adds up usage, removes old runs, and executes runs as any event does.
   */
  void doWhatIsDue() throws InterruptedException {
    Budget budget = new Budget(config.budget());
    each("fire schedules", () -> schedules.tick(budget.left().dividedBy(PARTS_FOR_SCHEDULES)));
    each("recover runs", rescuer::rescue);
    // A callback receiver that does not answer must not delay runs. The other parts are awaited.
    try (ExecutorService besides = Executors.newVirtualThreadPerTaskExecutor()) {
      besides.execute(() -> tell(budget));
      besides.execute(
          () -> {
            each("run housekeeping", () -> housekeeping.runOnce(budget.left()));
            each("delete old callbacks", callbacks::forget);
          });
      work(budget);
    }
  }

  private void work(Budget budget) throws InterruptedException {
    if (!worker.work(budget.left())) {
      dispatcher.dispatch("rest");
    }
    tell(budget);
  }

  private void tell(Budget budget) {
    each("decide on notices", notices::route);
    each("send callbacks", () -> callbacks.work(budget.left()));
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
