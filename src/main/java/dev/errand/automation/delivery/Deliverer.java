package dev.errand.automation.delivery;

import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.Signal;
import dev.errand.base.background.TimedWork;
import dev.errand.base.background.WorkMode;
import dev.errand.base.background.WorkPool;
import dev.errand.base.database.Outage;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Claims due deliveries to callbacks and channels, has them sent, and decides what follows from
 * each result. If a process fails to send a claimed one, another process sends it after the lease:
 * each delivery is sent at least once, always under the same id.
 */
@ApplicationScoped
public class Deliverer {
  private static final Logger LOG = Logger.getLogger(Deliverer.class);
  // For what is read and recorded before and after an attempt.
  private static final Duration LEASE_BEYOND_ATTEMPT = Duration.ofSeconds(30);
  private static final Duration LONGEST_PASS = Duration.ofMinutes(5);
  private static final Duration FORGETS_EVERY = Duration.ofMinutes(10);

  // The part of the time for deliveries to be added.
  private static final int PARTS_FOR_SOURCES = 4;

  private static final AttemptResult UNPREPARED =
      new AttemptResult(
          AttemptOutcome.UNADDRESSED,
          null,
          "The service could not prepare the message; its log says why.",
          false,
          Duration.ZERO,
          Duration.ZERO);

  private final DeliveryQueue queue;
  private final CallbackSender sender;
  private final NoticeSender notices;
  private final ReceiverLog log;
  private final List<DeliverySource> sources;
  private final Duration leaseOfCallbacks;
  private final Duration leaseOfNotices;
  private final Duration poll;
  private final WorkPool<DueDelivery> pool;

  Deliverer(
      DeliveryQueue queue,
      CallbackSender sender,
      NoticeSender notices,
      ReceiverLog log,
      @All List<DeliverySource> sources,
      DeliveryConfig config) {
    this.queue = queue;
    this.sender = sender;
    this.notices = notices;
    this.log = log;
    this.sources = sources;
    this.leaseOfCallbacks = config.timeout().plus(LEASE_BEYOND_ATTEMPT);
    this.leaseOfNotices = notices.longest().plus(LEASE_BEYOND_ATTEMPT);
    this.poll = config.poll();
    this.pool = new WorkPool<>(config.concurrency(), this::deliver, queue::release);
  }

  // After the work of the first start, which needs the database first.
  void start(
      @Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event,
      PeriodicJobs jobs,
      DeliveryConfig config) {
    if (config.mode() == WorkMode.LOOP) {
      jobs.every("callback-deliver", poll, this::runOnce);
      jobs.every("callback-forget", FORGETS_EVERY, this::forget);
    }
  }

  /**
   * Has deliveries added for a quarter of the time at most, and sends due ones until there are
   * none. After half of the rest no delivery is started; at its end, unfinished ones are abandoned
   * and sent again later.
   */
  public void work(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (DeliverySource source : sources) {
      try {
        source.addDeliveries(most.dividedBy(PARTS_FOR_SOURCES));
      } catch (RuntimeException e) {
        // Those that are there are sent, and the next event tries again.
        LOG.warnf("Deliveries could not be added: %s", e.getMessage());
      }
    }
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    boolean _ = new TimedWork(left, poll).work(ended -> begin(Integer.MAX_VALUE, ended));
  }

  /**
   * Sends due deliveries, including those that become due meanwhile. It returns after some minutes,
   * while unfinished deliveries continue.
   */
  void runOnce() throws InterruptedException {
    long end = System.nanoTime() + LONGEST_PASS.toNanos();
    Signal ended = new Signal();
    boolean found;
    do {
      found = !begin(Integer.MAX_VALUE, ended::give).isEmpty();
      if (!found && pool.isBusy()) {
        // However the wait ends, the table is read next.
        ended.await(poll);
      }
    } while ((found || pool.isBusy()) && System.nanoTime() - end < 0);
  }

  /** Starts to send due deliveries, up to a number and to the free room. */
  List<Future<?>> begin(int most, Runnable ended) {
    return pool.begin(most, free -> queue.claim(free, leaseOfCallbacks, leaseOfNotices), ended);
  }

  /** Deletes deliveries that ended long ago. */
  public void forget() {
    queue.forget();
  }

  // After the jobs have stopped; other processes send the unfinished deliveries.
  void stop(@Observes ShutdownEvent event) {
    pool.stop();
  }

  private void deliver(DueDelivery due) {
    long begun = System.nanoTime();
    try {
      AttemptResult result = attempt(due);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      // Until others may send it again: as long as nobody knows that it arrived, it holds back
      // those that wait for it.
      DeliveryView.State _ = Outage.outlast(lease(due).minus(took), () -> settle(due, result));
    } catch (InterruptedException e) {
      queue.release(due);
    } catch (RuntimeException e) {
      // The lease expires, and the delivery is retried.
      LOG.warnf(e, "The delivery %s could not be sent", due.deliveryId());
    }
  }

  private AttemptResult attempt(DueDelivery due) throws InterruptedException {
    try {
      return switch (due) {
        case DueCallback callback -> sender.deliver(callback);
        case DueNotice notice -> notices.deliver(notice);
      };
    } catch (RuntimeException e) {
      if (Outage.isPassing(e)) {
        throw e;
      }
      // Such as one that a newer version made, which a newer process can send.
      LOG.warnf(e, "The delivery %s can't be prepared", due.deliveryId());
      return UNPREPARED;
    }
  }

  private Duration lease(DueDelivery due) {
    return switch (due) {
      case DueCallback _ -> leaseOfCallbacks;
      case DueNotice _ -> leaseOfNotices;
    };
  }

  /** Records a result and what follows from it, which does no harm when it is done twice. */
  private DeliveryView.State settle(DueDelivery due, AttemptResult result) {
    if (result.outcome() == AttemptOutcome.ACCEPTED) {
      queue.record(due, result, DeliveryView.State.DELIVERED, Duration.ZERO);
      accepted(due);
      return DeliveryView.State.DELIVERED;
    }
    Optional<Duration> wait =
        result.isFinal()
            ? Optional.empty()
            : RetryWaits.next(
                due.failures(), ThreadLocalRandom.current().nextDouble(), result.askedToWait());
    DeliveryView.State state =
        wait.isPresent() ? DeliveryView.State.PENDING : DeliveryView.State.FAILED;
    queue.record(due, result, state, wait.orElse(Duration.ZERO));
    if (refuses(due, result)) {
      log.switchedOff(due);
    } else if (wait.isPresent()) {
      log.failed(due, result);
    } else {
      log.gaveUp(due, result);
    }
    return state;
  }

  /** Notes what a failure means for the receiver, and returns whether it is switched off by it. */
  private boolean refuses(DueDelivery due, AttemptResult result) {
    return switch (due) {
      case DueCallback callback -> {
        boolean isUnwanted = result.outcome() == AttemptOutcome.UNWANTED;
        if (isUnwanted) {
          queue.disable(callback.callbackId());
        }
        yield isUnwanted;
      }
      case DueNotice notice -> notices.failed(notice, result);
    };
  }

  private void accepted(DueDelivery due) {
    log.accepted(due);
    // All of its attempts, this one too: an earlier one has failed.
    if (due instanceof DueNotice notice && notice.failures() > 1) {
      queue.bringForward(notice.channelId());
    }
  }
}
