package dev.errand.worker;

import dev.errand.run.RunEnqueued;
import dev.errand.run.RunEvents;
import dev.errand.run.RunQueue;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Works the queue in the background. Its threads are platform threads: nothing that runs on virtual
 * ones, however busy, can keep a lease from being extended.
 */
@ApplicationScoped
public class WorkerLoop {
  private static final Logger LOG = Logger.getLogger(WorkerLoop.class);
  private static final int RESCUED_AT_ONCE = 100;

  private final Worker worker;
  private final RunQueue queue;
  private final RunEvents events;
  private final WorkerConfig config;
  private final Semaphore woken = new Semaphore(0);
  private final Semaphore toTell = new Semaphore(0);
  private final AtomicBoolean going = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  WorkerLoop(Worker worker, RunQueue queue, RunEvents events, WorkerConfig config) {
    this.worker = worker;
    this.queue = queue;
    this.events = events;
    this.config = config;
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
    thread(
        "worker-rescue", () -> everySoOften(config.rescue(), () -> queue.rescue(RESCUED_AT_ONCE)));
    thread("worker-listen", this::listen);
    thread("worker-tell", this::tell);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    going.set(false);
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    worker.stop();
  }

  void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunEnqueued event) {
    signal(woken);
    signal(toTell);
  }

  private void claim() {
    while (going.get()) {
      try {
        boolean found =
            worker.hasRoom() && !worker.begin(Integer.MAX_VALUE, () -> signal(woken)).isEmpty();
        if (!found || !worker.hasRoom()) {
          await(woken, config.poll());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("The queue could not be asked, and will be again: %s", e.getMessage());
        pause();
      }
    }
  }

  private void everySoOften(Duration pause, Runnable work) {
    while (going.get()) {
      try {
        Thread.sleep(pause);
        work.run();
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
        events.listen(() -> signal(woken), going::get);
      } catch (SQLException | RuntimeException e) {
        if (going.get()) {
          LOG.debugf("Listening broke off and begins again: %s", e.getMessage());
          pause();
        }
      }
    }
  }

  private void tell() {
    while (going.get()) {
      try {
        await(toTell, Duration.ofHours(1));
        events.tell();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.debugf("Other processes were not told: %s", e.getMessage());
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

  private static void await(Semaphore signal, Duration most) throws InterruptedException {
    // Whatever the time ends by, the next look is at the table.
    boolean _ = signal.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
    signal.drainPermits();
  }

  // One signal is as good as many: what it leads to is a look at everything.
  private static void signal(Semaphore semaphore) {
    if (semaphore.availablePermits() == 0) {
      semaphore.release();
    }
  }

  private void thread(String name, Runnable work) {
    threads.add(Thread.ofPlatform().daemon().name(name).start(work));
  }
}
