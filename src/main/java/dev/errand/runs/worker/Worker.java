package dev.errand.runs.worker;

import dev.errand.base.background.WorkPool;
import dev.errand.base.database.Outage;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.record.Claim;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/** Claims runs and executes them, so many at once, each on a virtual thread of its own. */
@ApplicationScoped
public class Worker {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final int HAND_BACK_ATTEMPTS = 3;

  private final RunQueue queue;
  private final RunExecutor executor;
  private final WorkerConfig config;
  private final WorkPool<ActiveClaim> pool;
  private final Set<ActiveClaim> held = ConcurrentHashMap.newKeySet();

  Worker(RunQueue queue, RunExecutor executor, WorkerConfig config) {
    this.queue = queue;
    this.executor = executor;
    this.config = config;
    this.pool = new WorkPool<>(config.concurrency(), this::execute, this::refuse);
  }

  /**
   * Claims what there is, up to a number and to what is free here, and leaves it going.
   *
   * @param ended is run whenever one of them has ended
   * @return the runs that were begun
   */
  public List<Future<?>> begin(int most, Runnable ended) {
    return begin(most, ended, WorkBudget.ENDLESS);
  }

  /**
   * Claims and begins runs as the other one does.
   *
   * @param budget how long they may be worked on; where it goes on no more, they are handed back
   *     before their next step
   */
  List<Future<?>> begin(int most, Runnable ended, WorkBudget budget) {
    return pool.begin(most, free -> claim(free, budget), ended);
  }

  private List<ActiveClaim> claim(int most, WorkBudget budget) {
    Lease lease = Lease.of(config.lease());
    List<ActiveClaim> claimed =
        queue.claim(most, config.lease()).stream()
            .map(claim -> new ActiveClaim(claim, lease, budget))
            .toList();
    held.addAll(claimed);
    return claimed;
  }

  private void execute(ActiveClaim active) {
    try {
      if (active.begin()) {
        executor.execute(active.claim(), active::isHeld, active.budget(), active::ends);
      }
    } finally {
      held.remove(active);
    }
  }

  // This worker was stopped while it claimed.
  private void refuse(ActiveClaim active) {
    held.remove(active);
    handBack(List.of(active.claim()));
  }

  /** Whether another run could be begun here. */
  public boolean hasRoom() {
    return pool.hasRoom();
  }

  /** Begins nothing more, since this process is about to stop; what is held goes on. */
  void leave() {
    pool.leave();
  }

  /** Whether nothing more is begun here. */
  boolean isLeaving() {
    return pool.isLeaving();
  }

  /** How many runs are worked on here. */
  int holds() {
    return held.size();
  }

  /** Keeps what is held here held, and stops work on what is not any more. */
  void extendLeases() throws InterruptedException {
    List<ActiveClaim> holdings = List.copyOf(held);
    if (holdings.isEmpty()) {
      return;
    }
    Lease lease = Lease.of(config.lease());
    List<Claim> claims = claimsOf(holdings);
    // A connection that broke must not cost a lease while there is time for another one.
    List<Claim> kept =
        Outage.outlast(config.lease().dividedBy(2), () -> queue.extend(claims, config.lease()));
    letGo(holdings, kept);
    holdings.forEach(active -> active.extend(lease));
  }

  /** Stops work on what is not held here any more. */
  void stopLost() {
    List<ActiveClaim> holdings = List.copyOf(held);
    if (!holdings.isEmpty()) {
      letGo(holdings, queue.stillHeld(claimsOf(holdings)));
    }
  }

  private static void letGo(List<ActiveClaim> holdings, List<Claim> stillHeld) {
    Set<Claim> kept = Set.copyOf(stillHeld);
    holdings.stream().filter(active -> !kept.contains(active.claim())).forEach(ActiveClaim::lose);
  }

  /**
   * Hands back everything that is held here, to be gone on with from the last entry.
   *
   * @return whether there was anything
   */
  boolean stop() {
    leave();
    List<ActiveClaim> holdings = List.copyOf(held);
    holdings.forEach(ActiveClaim::stop);
    pool.close();
    handBack(claimsOf(holdings));
    return !holdings.isEmpty();
  }

  // Each run was handed back by its own thread, unless that was cut off while it spoke with the
  // database: then it would be nobody's until the lease runs out.
  private void handBack(List<Claim> claims) {
    for (int attempt = 1; !claims.isEmpty() && attempt <= HAND_BACK_ATTEMPTS; attempt++) {
      try {
        queue.release(claims);
        return;
      } catch (RuntimeException e) {
        LOG.warnf("Runs could not be handed back (attempt %d): %s", attempt, e.getMessage());
      }
    }
  }

  private static List<Claim> claimsOf(List<ActiveClaim> holdings) {
    return holdings.stream().map(ActiveClaim::claim).toList();
  }
}
