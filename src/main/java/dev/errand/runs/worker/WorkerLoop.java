package dev.errand.runs.worker;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.MinimumInterval;
import dev.errand.base.background.Signal;
import dev.errand.base.background.Step;
import dev.errand.base.background.WorkMode;
import dev.errand.runs.queue.BudgetChanges;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import dev.errand.runs.queue.RunEnqueued;
import dev.errand.runs.queue.RunStopped;
import dev.errand.runs.queue.RunWrites;
import dev.errand.runs.queue.SlotsFilled;
import dev.errand.runs.rate.KnownRates;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Executes queued runs in the background. Claiming, extending leases and looking for cancelled runs
 * have their own threads: a lease that is not extended in time is lost, so none of these may wait
 * for another job.
 */
@ApplicationScoped
public class WorkerLoop {
  private static final Logger LOG = Logger.getLogger(WorkerLoop.class);

  // A claim or notification of several runs costs as much as that of one, so they are spaced. The
  // first after a pause does not wait.
  private static final Duration BETWEEN_CLAIMS = Duration.ofMillis(5);
  private static final Duration BETWEEN_NEWS = Duration.ofMillis(10);

  private final Worker worker;
  private final RunWrites writes;
  private final QueueNotifications notifications;
  private final WorkerConfig config;
  private final BudgetChanges budgets;
  private final KnownRates rates;
  private final BackgroundThreads background;
  private final Signal woken = new Signal();
  private final Signal stopped = new Signal();
  private final Signal toPublish = new Signal();
  private final MinimumInterval claims = new MinimumInterval(BETWEEN_CLAIMS);
  private final MinimumInterval publications = new MinimumInterval(BETWEEN_NEWS);
  private final Set<News> news = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean going;
  private final AtomicLong ends = new AtomicLong();
  // Whether a run may wait for a place in this process.
  private volatile boolean waiting = true;

  WorkerLoop(
      Worker worker,
      RunWrites writes,
      QueueNotifications notifications,
      WorkerConfig config,
      BudgetChanges budgets,
      KnownRates rates,
      BackgroundThreads background) {
    this.worker = worker;
    this.writes = writes;
    this.notifications = notifications;
    this.config = config;
    this.budgets = budgets;
    this.rates = rates;
    this.background = background;
  }

  // After FirstStart, which sets up the database that the loop needs.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() != WorkMode.LOOP) {
      return;
    }
    going = true;
    thread("worker-publish", config.poll(), this::publish);
    if (worker.places() == 0) {
      LOG.info(
          "This process executes no runs (ERRAND_WORKER_CONCURRENCY is 0); they wait for another"
              + " process on this database.");
      return;
    }
    thread("worker-claim", config.poll(), this::claim);
    thread("worker-lease", Duration.ZERO, this::extendLeases);
    thread("worker-watch", config.poll(), this::watch);
    thread("worker-listen", config.poll(), this::listen);
    writes.beginIn((wanted, ending) -> worker.reserve(wanted, ending, this::ended));
  }

  // Requests are served until this returns, and then for the delay. Watchers are released after it,
  // since the runs that they wait for may end here.
  void leave(
      @Observes @Priority(1000) ShutdownDelayInitiatedEvent event,
      @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay)
      throws InterruptedException {
    Duration most = config.drain().minus(delay.orElse(Duration.ZERO));
    worker.drain(most.isNegative() ? Duration.ZERO : most);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    going = false;
    background.stop(threads);
    if (worker.stop()) {
      // The publishing thread has ended, and returned runs should not wait for a poll.
      news.add(News.ENQUEUED);
      publishNews();
    }
  }

  void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunEnqueued event) {
    if (event.isEligible()) {
      look();
      publish(News.ENQUEUED);
    }
  }

  void wake(@Observes SlotsFilled event) {
    look();
  }

  private void look() {
    waiting = true;
    woken.give();
  }

  // After most ends the queue is empty.
  private void ended() {
    ends.incrementAndGet();
    if (waiting) {
      woken.give();
    }
  }

  void letGo(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunStopped event) {
    stopped.give();
    publish(News.STOPPED);
  }

  private void publish(News kind) {
    news.add(kind);
    toPublish.give();
  }

  private void claim() throws InterruptedException {
    claims.await();
    if (worker.room() > 0) {
      long before = ends.get();
      waiting = false;
      Worker.Begun begun = worker.begin(this::ended);
      if (begun.leaves() || !begun.runs().isEmpty()) {
        claims.done();
      }
      waiting |= begun.leaves();
      boolean hasMissedEnd = begun.leaves() && ends.get() != before;
      if (hasMissedEnd || (begun.isFilled() && worker.room() > 0)) {
        woken.give();
      }
    }
    // Any run that becomes claimable later gives a signal: when it is added, or when another ends.
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
      // The lease thread logs the same as a warning, and less often.
      LOG.debugf("This process's runs could not be checked: %s", e.getMessage());
    }
  }

  private void listen() throws InterruptedException {
    try {
      notifications.listen(this::react, () -> going);
    } catch (SQLException | RuntimeException e) {
      LOG.debugf("Listening for notifications broke off; trying again: %s", e.getMessage());
      Thread.sleep(config.poll());
    }
  }

  private void react(News kind) {
    switch (kind) {
      case ENQUEUED -> look();
      case STOPPED -> stopped.give();
      case BUDGETS -> {
        budgets.heard();
        // A run that waited for one may go on.
        look();
      }
      case RATES -> rates.givenChanged();
      case PAUSES -> rates.heard();
    }
  }

  private void publish() throws InterruptedException {
    toPublish.await(Duration.ofHours(1));
    publications.await();
    publications.done();
    publishNews();
  }

  private void publishNews() {
    for (News kind : News.values()) {
      if (news.remove(kind)) {
        try {
          notifications.publish(kind);
        } catch (RuntimeException e) {
          LOG.debugf("Other processes could not be notified: %s", e.getMessage());
        }
      }
    }
  }

  private void thread(String name, Duration afterFailure, Step step) {
    threads.add(background.start(name, afterFailure, step));
  }
}
