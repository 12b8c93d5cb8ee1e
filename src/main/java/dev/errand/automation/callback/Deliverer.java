package dev.errand.automation.callback;

import dev.errand.base.background.Signal;
import dev.errand.base.background.TimedWork;
import dev.errand.base.background.WorkPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Takes what is due and tells it. What a process took and did not tell, another one tells when the
 * lease is over: everything is told at least once, and under one id.
 */
@ApplicationScoped
public class Deliverer {
  private static final Logger LOG = Logger.getLogger(Deliverer.class);
  private static final Duration LEASE_BEYOND_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LONGEST_PASS = Duration.ofMinutes(5);

  private final CallbackQueue queue;
  private final CallbackSender messenger;
  private final Duration lease;
  private final Duration poll;
  private final WorkPool<DueDelivery> pool;

  Deliverer(CallbackQueue queue, CallbackSender messenger, CallbackConfig config) {
    this.queue = queue;
    this.messenger = messenger;
    this.lease = config.timeout().plus(LEASE_BEYOND_TIMEOUT);
    this.poll = config.poll();
    this.pool = new WorkPool<>(config.concurrency(), this::tell, queue::release);
  }

  /**
   * Tells what is due until nothing is. Past half of the time nothing is begun any more; past all
   * of it, what is still being told is left to be told again.
   *
   * @param most how long it may take
   */
  public void work(Duration most) throws InterruptedException {
    boolean _ = new TimedWork(most, poll).work(ended -> begin(Integer.MAX_VALUE, ended));
  }

  /**
   * Tells what is due, and what comes to be due meanwhile. Past some minutes it comes back, and
   * what is still being told goes on.
   */
  void runOnce() throws InterruptedException {
    long end = System.nanoTime() + LONGEST_PASS.toNanos();
    Signal ended = new Signal();
    boolean found;
    do {
      found = !begin(Integer.MAX_VALUE, ended::give).isEmpty();
      if (!found && pool.isBusy()) {
        // Whatever the wait ends by, the next look is at the table.
        ended.await(poll);
      }
    } while ((found || pool.isBusy()) && System.nanoTime() - end < 0);
  }

  /**
   * Begins to tell what is due, up to a number and to what is free here.
   *
   * @param ended is run whenever one of it has ended
   */
  List<Future<?>> begin(int most, Runnable ended) {
    return pool.begin(most, free -> queue.claim(free, lease), ended);
  }

  /** Forgets what is over long since. */
  public void forget() {
    queue.forget();
  }

  /** Leaves what is being told to others. */
  void stop() {
    pool.stop();
  }

  private void tell(DueDelivery due) {
    try {
      settle(due, messenger.tell(due));
    } catch (InterruptedException e) {
      queue.release(due);
    } catch (RuntimeException e) {
      // The lease runs out, and it is tried again.
      LOG.warnf(e, "The callback %s could not be sent", due.callbackId());
    }
  }

  private void settle(DueDelivery due, CallbackAttempt attempt) {
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
