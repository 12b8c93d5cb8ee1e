package dev.errand.automation.callback;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes what is due and tells it. What a process took and did not tell, another one tells when the
 * lease is over: everything is told at least once, and under one id.
 */
@ApplicationScoped
public class Deliverer {
  private static final Logger LOG = Logger.getLogger(Deliverer.class);
  private static final Duration LEASE_BEYOND_TIMEOUT = Duration.ofSeconds(30);

  private final CallbackQueue queue;
  private final Messenger messenger;
  private final Duration lease;
  private final Duration poll;
  private final Semaphore free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Deliverer(CallbackQueue queue, Messenger messenger, CallbackConfig config) {
    this.queue = queue;
    this.messenger = messenger;
    this.lease = config.timeout().plus(LEASE_BEYOND_TIMEOUT);
    this.poll = config.poll();
    this.free = new Semaphore(config.concurrency());
  }

  /**
   * Tells what is due, up to a number and to what is free here, and waits until that is done.
   *
   * @return how much was told, or tried to be; 0 when nothing was due
   */
  public int runOnce(int most) throws InterruptedException {
    List<Future<?>> begun = begin(most, () -> {});
    for (Future<?> telling : begun) {
      try {
        telling.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return begun.size();
  }

  /**
   * Tells what is due until nothing is. Past half of the time nothing is begun any more; past all
   * of it, what is still being told is left to be told again.
   *
   * @param most how long it may take
   * @return how much was told, or tried to be
   */
  public int work(Duration most) throws InterruptedException {
    long start = System.nanoTime();
    long half = start + most.dividedBy(2).toNanos();
    long end = start + most.toNanos();
    Semaphore ended = new Semaphore(0);
    List<Future<?>> telling = new ArrayList<>();
    int all = 0;
    try {
      while (System.nanoTime() < half) {
        List<Future<?>> begun = begin(Integer.MAX_VALUE, ended::release);
        all += begun.size();
        telling.addAll(begun);
        telling.removeIf(Future::isDone);
        if (begun.isEmpty() && telling.isEmpty()) {
          return all;
        }
        await(ended, half);
      }
      while (!telling.isEmpty() && System.nanoTime() < end) {
        await(ended, end);
        telling.removeIf(Future::isDone);
      }
      return all;
    } finally {
      telling.forEach(one -> one.cancel(true));
    }
  }

  private void await(Semaphore ended, long until) throws InterruptedException {
    long most = Math.min(until - System.nanoTime(), poll.toNanos());
    // Whatever the time ends by, the next look is at the table.
    boolean _ = ended.tryAcquire(Math.max(most, 1), TimeUnit.NANOSECONDS);
    ended.drainPermits();
  }

  /**
   * Begins to tell what is due, up to a number and to what is free here.
   *
   * @param ended is run whenever one of it has ended
   */
  List<Future<?>> begin(int most, Runnable ended) {
    int wanted = 0;
    while (wanted < most && free.tryAcquire()) {
      wanted++;
    }
    List<Future<?>> begun = new ArrayList<>();
    try {
      if (wanted > 0) {
        for (Due due : queue.claim(wanted, lease)) {
          begun.add(threads.submit(() -> tell(due, ended)));
        }
      }
    } finally {
      free.release(wanted - begun.size());
    }
    return begun;
  }

  /** Whether more could be told at once here. */
  boolean hasRoom() {
    return free.availablePermits() > 0;
  }

  /** Forgets what is over long since. */
  public void forget() {
    queue.forget();
  }

  /** Leaves what is being told to others. */
  void stop() {
    threads.shutdownNow();
    threads.close();
  }

  private void tell(Due due, Runnable ended) {
    try {
      settle(due, messenger.tell(due));
    } catch (InterruptedException e) {
      queue.release(due);
    } catch (RuntimeException e) {
      // The lease runs out, and it is tried again.
      LOG.warnf(e, "The callback %s could not be told", due.callbackId());
    } finally {
      free.release();
      ended.run();
    }
  }

  private void settle(Due due, Attempt attempt) {
    if (attempt.isHeard()) {
      queue.record(due, attempt, CallbackQueue.State.DELIVERED, Duration.ZERO);
      return;
    }
    if (attempt.isUnwanted()) {
      queue.record(due, attempt, CallbackQueue.State.FAILED, Duration.ZERO);
      queue.switchOff(due.callbackId());
      return;
    }
    Optional<Duration> wait =
        RetryPlan.next(
            due.failures(), ThreadLocalRandom.current().nextDouble(), attempt.askedToWait());
    queue.record(
        due,
        attempt,
        wait.isPresent() ? CallbackQueue.State.PENDING : CallbackQueue.State.FAILED,
        wait.orElse(Duration.ZERO));
  }
}
