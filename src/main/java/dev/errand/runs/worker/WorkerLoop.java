package dev.errand.runs.worker;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.Pace;
import dev.errand.base.background.Signal;
import dev.errand.base.database.Outage;
import dev.errand.runs.queue.RunEvents;
import dev.errand.runs.queue.RunEvents.News;
import dev.errand.runs.queue.record.RunEnqueued;
import dev.errand.runs.queue.record.RunStopped;
import dev.errand.runs.run.Housekeeping;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Works the queue in the background. Its threads are platform threads: nothing that runs on virtual
 * ones, however busy, can keep a lease from being extended.
 */
@ApplicationScoped
public class WorkerLoop {
  private static final Logger LOG = Logger.getLogger(WorkerLoop.class);

  // A claim of several runs costs what one of one does, and so does telling of them. Who comes when
  // nothing was claimed or told just now waits for neither.
  private static final Duration BETWEEN_CLAIMS = Duration.ofMillis(5);
  private static final Duration BETWEEN_NEWS = Duration.ofMillis(10);

  private final Worker worker;
  private final Rescuer rescuer;
  private final RunEvents events;
  private final Housekeeping housekeeping;
  private final WorkerConfig config;
  private final BackgroundThreads background;
  private final Signal woken = new Signal();
  private final Signal stopped = new Signal();
  private final Signal toTell = new Signal();
  private final Set<News> news = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean going = new AtomicBoolean();
  // Of the thread that rescues alone.
  private boolean databaseWasAway;
  private final List<Thread> threads = new ArrayList<>();

  WorkerLoop(
      Worker worker,
      Rescuer rescuer,
      RunEvents events,
      Housekeeping housekeeping,
      WorkerConfig config,
      BackgroundThreads background) {
    this.worker = worker;
    this.rescuer = rescuer;
    this.events = events;
    this.housekeeping = housekeeping;
    this.config = config;
    this.background = background;
  }

  // After the first start's own work: there must be a database to work on.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.concurrency() < 1) {
      throw new IllegalStateException(
          "errand.worker.concurrency (ERRAND_WORKER_CONCURRENCY) must be 1 or more.");
    }
    if (config.mode() != WorkerConfig.Mode.LOOP) {
      return;
    }
    going.set(true);
    thread("worker-claim", this::claim);
    thread("worker-lease", () -> everySoOften(config.lease().dividedBy(4), worker::extendLeases));
    thread("worker-watch", this::watch);
    thread("worker-rescue", () -> everySoOften(config.rescue(), this::rescue));
    thread("worker-keep", () -> everySoOften(config.keep(), housekeeping::runOnce));
    thread("worker-listen", this::listen);
    thread("worker-tell", this::tell);
  }

  // While others still send requests here, nothing is begun that would be handed back at once.
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    worker.leave();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    going.set(false);
    background.stop(threads);
    if (worker.stop()) {
      // The thread that tells has ended, and what was handed back is not to wait for a poll.
      news.add(News.ENQUEUED);
      tellNews();
    }
  }

  void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunEnqueued event) {
    woken.give();
    tell(News.ENQUEUED);
  }

  void letGo(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunStopped event) {
    stopped.give();
    tell(News.STOPPED);
  }

  private void tell(News told) {
    news.add(told);
    toTell.give();
  }

  private void claim() {
    Pace pace = new Pace(BETWEEN_CLAIMS);
    while (going.get()) {
      try {
        pace.await();
        if (worker.hasRoom() && !worker.begin(Integer.MAX_VALUE, woken::give).isEmpty()) {
          pace.done();
        }
        // Whatever could be claimed and was not is told of: by who adds it, or by what ends.
        woken.await(config.poll());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("The queue could not be asked, and will be again: %s", e.getMessage());
        pause();
      }
    }
  }

  private void watch() {
    while (going.get()) {
      try {
        stopped.await(config.watch());
        worker.stopLost();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The lease's own thread says so aloud, and less often.
        LOG.debugf("The runs held here could not be looked at: %s", e.getMessage());
      }
    }
  }

  // While the database is away nobody can extend a lease. When it is back, those whose leases ran
  // out meanwhile get to say first that they are still there.
  private void rescue() throws InterruptedException {
    try {
      if (databaseWasAway) {
        rescuer.ask();
        databaseWasAway = false;
        Thread.sleep(config.lease().dividedBy(2));
      }
      rescuer.rescue();
    } catch (RuntimeException e) {
      databaseWasAway |= Outage.isBehind(e);
      throw e;
    }
  }

  /** Something to do every so often. */
  @FunctionalInterface
  private interface Work {
    void doIt() throws InterruptedException;
  }

  private void everySoOften(Duration pause, Work work) {
    while (going.get()) {
      try {
        Thread.sleep(pause);
        work.doIt();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("The queue could not be kept: %s", e.getMessage());
      }
    }
  }

  private void listen() {
    while (going.get()) {
      try {
        events.listen(this::heard, going::get);
      } catch (SQLException | RuntimeException e) {
        if (going.get()) {
          LOG.debugf("Listening broke off and begins again: %s", e.getMessage());
          pause();
        }
      }
    }
  }

  private void heard(News told) {
    switch (told) {
      case ENQUEUED -> woken.give();
      case STOPPED -> stopped.give();
    }
  }

  private void tell() {
    Pace pace = new Pace(BETWEEN_NEWS);
    while (going.get()) {
      try {
        toTell.await(Duration.ofHours(1));
        pace.await();
        pace.done();
        tellNews();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void tellNews() {
    for (News told : News.values()) {
      if (news.remove(told)) {
        try {
          events.tell(told);
        } catch (RuntimeException e) {
          LOG.debugf("Other processes were not told: %s", e.getMessage());
        }
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(config.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void thread(String name, Runnable work) {
    threads.add(background.start(name, work));
  }
}
