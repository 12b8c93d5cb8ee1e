package dev.errand.runs.worker;

import dev.errand.base.background.Signal;
import dev.errand.base.background.WorkMode;
import dev.errand.base.background.WorkPool;
import dev.errand.base.database.Outage;
import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunCapacity;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.TaskSlots;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Claims runs and executes a limited number at once, each on a virtual thread. Those that wait for
 * a model take no place of those that work.
 */
@Singleton
public class Worker {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final int HAND_BACK_ATTEMPTS = 3;

  private final RunQueue queue;
  private final TaskSlots slots;
  private final RunExecutor executor;
  private final WorkerConfig config;
  private final RunPlaces places;
  private final WorkPool<ActiveClaim> pool;
  private final Set<ActiveClaim> held = ConcurrentHashMap.newKeySet();
  // Whether the last claim took as many runs as it could.
  private volatile boolean full;
  private final CountDownLatch left = new CountDownLatch(1);
  // Signalled whenever a run of this process has ended or returned to the queue.
  private final Signal let = new Signal();
  private final WorkBudget untilLeaving =
      new WorkBudget() {
        @Override
        public boolean goesOn() {
          return !isLeaving();
        }

        @Override
        public boolean pause(Duration time) throws InterruptedException {
          return Worker.this.pause(time);
        }
      };

  Worker(RunQueue queue, TaskSlots slots, RunExecutor executor, WorkerConfig config) {
    this.queue = queue;
    this.slots = slots;
    this.executor = executor;
    this.config = config;
    this.places = new RunPlaces(config);
    this.pool = new WorkPool<>(places.size(), this::execute, this::refuse);
  }

  /**
   * The runs that one claim has begun.
   *
   * @param isFilled whether it took as many as it could, so that another one may find more
   * @param leaves whether it may have left runs in the queue that can begin when another one ends
   */
  public record Begun(List<Future<?>> runs, boolean isFilled, boolean leaves) {}

  /**
   * Claims due runs and begins them. It uses half of the free places at most, and gives nobody more
   * than its share of them.
   */
  public Begun begin(Runnable ended) {
    return begin(ended, ended, untilLeaving);
  }

  /**
   * Claims and begins runs within a time budget.
   *
   * @param budget the time budget; when it is over, runs return to the queue before their next step
   */
  Begun begin(Runnable ended, WorkBudget budget) {
    // Otherwise each request to a model would be followed by a look at the queue.
    return begin(
        ended,
        () -> {
          if (full) {
            ended.run();
          }
        },
        budget);
  }

  private Begun begin(Runnable ended, Runnable freed, WorkBudget budget) {
    int[] allowed = new int[1];
    List<Future<?>> runs =
        pool.begin(
            half(),
            room -> {
              try (RunPlaces.Reserved reserved = places.reserve(room)) {
                Allowance allowance = reserved.allowance(List.of());
                allowed[0] = allowance.most();
                return claim(allowance, reserved, freed, budget);
              }
            },
            ended);
    boolean mayClaim = allowed[0] > 0;
    boolean isFilled = mayClaim && runs.size() == allowed[0];
    full = runs.isEmpty() ? !mayClaim || (full && room() == 0) : isFilled;
    boolean leaves = isFilled || !mayClaim || (places.isAnyShareHeld() && queue.isAnyRunEligible());
    return new Begun(runs, isFilled, leaves);
  }

  // The other half stays free for those who hold less, and for runs that begin with their enqueue.
  private int half() {
    return (room() + 1) / 2;
  }

  /**
   * Reserves room for runs that begin with the commit that enqueues them or ends others.
   *
   * @param ending those others, which leave their places to them
   */
  RunCapacity.Reserved reserve(int wanted, List<Claim> ending, Runnable ended) {
    int room = pool.reserve(Math.min(wanted, half() + ending.size()));
    RunPlaces.Reserved reserved = places.reserve(room, ending);
    Lease lease = Lease.of(config.lease());
    return new RunCapacity.Reserved(
        reserved.allowance(ending),
        room(),
        config.lease(),
        claims -> {
          try (reserved) {
            pool.beginReserved(room, hold(claims, lease, reserved, ended, untilLeaving), ended);
          }
          // A claim may have found no room because of this.
          if (claims.size() < room) {
            ended.run();
          }
        });
  }

  private List<ActiveClaim> claim(
      Allowance allowance, RunPlaces.Reserved reserved, Runnable freed, WorkBudget budget) {
    if (allowance.most() == 0) {
      return List.of();
    }
    Lease lease = Lease.of(config.lease());
    List<Claim> claims = queue.claim(allowance, config.lease());
    if (claims.isEmpty() && looksAgain()) {
      claims = queue.claim(allowance, config.lease());
    }
    return hold(claims, lease, reserved, freed, budget);
  }

  private List<ActiveClaim> hold(
      List<Claim> claims,
      Lease lease,
      RunPlaces.Reserved reserved,
      Runnable freed,
      WorkBudget budget) {
    List<ActiveClaim> claimed =
        claims.stream()
            .map(claim -> new ActiveClaim(claim, lease, reserved.take(claim), freed, budget))
            .toList();
    held.addAll(claimed);
    return claimed;
  }

  private void letGo(ActiveClaim active) {
    held.remove(active);
    active.place().close();
  }

  // In request mode, nothing polls again soon. Slots may have been updated after the commit that
  // this request belongs to, so it looks again in any case.
  private boolean looksAgain() {
    if (config.mode() == WorkMode.LOOP) {
      return slots.repairAtTimes();
    }
    Set<UUID> _ = slots.repair();
    return true;
  }

  private void execute(ActiveClaim active) {
    try {
      active.work(() -> executor.execute(active.claim(), active));
    } finally {
      letGo(active);
      let.give();
    }
  }

  // The worker was stopped during the claim.
  private void refuse(ActiveClaim active) {
    letGo(active);
    handBack(List.of(active.claim()));
  }

  /**
   * How many runs this process can hold, those that wait for a model included; 0 where it executes
   * none.
   */
  public int places() {
    return places.size();
  }

  /** Whether a run could begin now if there were room. */
  boolean isAnyRunEligible() {
    return queue.isAnyRunEligible();
  }

  /** How many more runs may begin in this process now. */
  public int room() {
    return Math.min(pool.room(), places.free());
  }

  /** How many runs of this process wait for a model. */
  public int waiting() {
    return places.idle();
  }

  /**
   * Starts no more runs and no more steps, because this process is about to stop. Unfinished steps
   * continue; at its end, each returns its run to the queue.
   */
  void leave() {
    pool.leave();
    left.countDown();
  }

  /**
   * Waits, but no longer than until this process is about to stop.
   *
   * @return whether it is not
   */
  boolean pause(Duration time) throws InterruptedException {
    return !left.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Leaves, and waits for unfinished steps, since the answer of a model is paid for. */
  void drain(Duration most) throws InterruptedException {
    leave();
    int runs = holds();
    if (runs == 0 || most.isZero()) {
      return;
    }
    LOG.infof(
        "Stopping: runs in the middle of a step: %d; it may take them up to %s to end it",
        runs, most);
    long end = System.nanoTime() + most.toNanos();
    for (long time = most.toNanos(); time > 0 && holds() > 0; time = end - System.nanoTime()) {
      let.await(Duration.ofNanos(time));
    }
    LOG.infof("Stopping: runs whose step is cut off and will be repeated: %d", holds());
  }

  boolean isLeaving() {
    return pool.isLeaving();
  }

  public int holds() {
    return held.size();
  }

  /** Extends the leases of this process's runs, and stops work on runs that were lost. */
  void extendLeases() throws InterruptedException {
    List<ActiveClaim> holdings = List.copyOf(held);
    if (holdings.isEmpty()) {
      return;
    }
    Lease lease = Lease.of(config.lease());
    List<Claim> claims = claimsOf(holdings);
    // A broken connection must not cost a lease while there is time to try again.
    List<Claim> kept =
        Outage.outlast(config.lease().dividedBy(2), () -> queue.extend(claims, config.lease()));
    stopExcept(holdings, kept);
    holdings.forEach(active -> active.extend(lease));
  }

  /** Stops work on runs that were lost. */
  void stopLost() {
    List<ActiveClaim> holdings = List.copyOf(held);
    if (!holdings.isEmpty()) {
      stopExcept(holdings, queue.stillHeld(claimsOf(holdings)));
    }
  }

  private static void stopExcept(List<ActiveClaim> holdings, List<Claim> stillHeld) {
    Set<Claim> kept = Set.copyOf(stillHeld);
    holdings.stream().filter(active -> !kept.contains(active.claim())).forEach(ActiveClaim::lose);
  }

  /**
   * Returns all of this process's runs to the queue; they continue from their last entry.
   *
   * @return whether there were any
   */
  boolean stop() {
    leave();
    List<ActiveClaim> holdings = List.copyOf(held);
    holdings.forEach(ActiveClaim::stop);
    pool.close();
    handBack(claimsOf(holdings));
    return !holdings.isEmpty();
  }

  // Each run's own thread has returned it to the queue, unless its statement was interrupted. Such
  // a run would otherwise wait until its lease expires.
  private void handBack(List<Claim> claims) {
    for (int attempt = 1; !claims.isEmpty() && attempt <= HAND_BACK_ATTEMPTS; attempt++) {
      try {
        queue.release(claims);
        return;
      } catch (RuntimeException e) {
        LOG.warnf("Runs could not return to the queue (attempt %d): %s", attempt, e.getMessage());
      }
    }
  }

  private static List<Claim> claimsOf(List<ActiveClaim> holdings) {
    return holdings.stream().map(ActiveClaim::claim).toList();
  }
}
