package dev.errand.runs.worker;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.MinimumInterval;
import dev.errand.base.background.Signal;
import dev.errand.base.background.Step;
import dev.errand.runs.queue.RunEvents;
import dev.errand.runs.queue.RunEvents.News;
import dev.errand.runs.queue.record.RunEnqueued;
import dev.errand.runs.queue.record.RunStopped;
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
import org.jboss.logging.Logger;

/**
 * Executes queued runs in the background. Claiming, extending leases and looking for cancelled runs
 * have threads of their own: a lease that is not extended in time is lost, and none of them may
 * wait for another job to end.
 */
@ApplicationScoped
public class WorkerLoop {
  private static final Logger LOG = Logger.getLogger(WorkerLoop.class);

  // A claim of several runs costs what one of one does, and so does telling of them. Who comes when
  // nothing was claimed or told just now waits for neither.
  private static final Duration BETWEEN_CLAIMS = Duration.ofMillis(5);
  private static final Duration BETWEEN_NEWS = Duration.ofMillis(10);

  private final Worker worker;
  private final RunEvents events;
  private final WorkerConfig config;
  private final BackgroundThreads background;
  private final Signal woken = new Signal();
  private final Signal stopped = new Signal();
  private final Signal toTell = new Signal();
  private final MinimumInterval claims = new MinimumInterval(BETWEEN_CLAIMS);
  private final MinimumInterval tellings = new MinimumInterval(BETWEEN_NEWS);
  private final Set<News> news = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean going;

  WorkerLoop(Worker worker, RunEvents events, WorkerConfig config, BackgroundThreads background) {
    this.worker = worker;
    this.events = events;
    this.config = config;
    this.background = background;
  }

  // After the first start's own work: there must be a database to work on.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() != WorkerConfig.Mode.LOOP) {
      return;
    }
    going = true;
    thread("worker-claim", config.poll(), this::claim);
    thread("worker-lease", Duration.ZERO, this::extendLeases);
    thread("worker-watch", config.poll(), this::watch);
    thread("worker-listen", config.poll(), this::listen);
    thread("worker-tell", config.poll(), this::tell);
  }

  // While others still send requests here, nothing is begun that would be handed back at once.
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    worker.leave();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    going = false;
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

  private void claim() throws InterruptedException {
    claims.await();
    if (worker.hasRoom() && !worker.begin(Integer.MAX_VALUE, woken::give).isEmpty()) {
      claims.done();
    }
    // Whatever could be claimed and was not is told of: by who adds it, or by what ends.
    woken.await(config.poll());
  }

  private void extendLeases() throws InterruptedException {
    Thread.sleep(config.lease().dividedBy(4));
    worker.extendLeases();
  }

  private void watch() throws InterruptedException {
    stopped.await(config.watch());
    try {
      worker.stopLost();
    } catch (RuntimeException e) {
      // The lease's own thread says so aloud, and less often.
      LOG.debugf("The runs held here could not be looked at: %s", e.getMessage());
    }
  }

  private void listen() throws InterruptedException {
    try {
      events.listen(this::heard, () -> going);
    } catch (SQLException | RuntimeException e) {
      LOG.debugf("Listening broke off and begins again: %s", e.getMessage());
      Thread.sleep(config.poll());
    }
  }

  private void heard(News told) {
    switch (told) {
      case ENQUEUED -> woken.give();
      case STOPPED -> stopped.give();
    }
  }

  private void tell() throws InterruptedException {
    toTell.await(Duration.ofHours(1));
    tellings.await();
    tellings.done();
    tellNews();
  }

  private void tellNews() {
    for (News told : News.values()) {
      if (news.remove(told)) {
        try {
          events.publish(told);
        } catch (RuntimeException e) {
          LOG.debugf("Other processes were not told: %s", e.getMessage());
        }
      }
    }
  }

  private void thread(String name, Duration afterFailure, Step step) {
    threads.add(background.start(name, afterFailure, step));
  }
}
