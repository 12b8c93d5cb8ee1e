package dev.errand.runs.worker;

import dev.errand.base.database.Outage;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.record.Claim;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Claims runs and executes them, so many at once, each on a virtual thread of its own. */
@ApplicationScoped
public class Worker {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final int HAND_BACK_ATTEMPTS = 3;

  private final RunQueue queue;
  private final RunExecutor executor;
  private final WorkerConfig config;
  private final Semaphore free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Holding> held = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;

  Worker(RunQueue queue, RunExecutor executor, WorkerConfig config) {
    this.queue = queue;
    this.executor = executor;
    this.config = config;
    this.free = new Semaphore(config.concurrency());
  }

  /**
   * Claims what there is, up to a number and to what is free here, and executes it to the end.
   *
   * @return how many runs were executed; 0 when there was nothing to do
   */
  public int runOnce(int most) throws InterruptedException {
    List<Future<?>> begun = begin(most, () -> {});
    for (Future<?> run : begun) {
      try {
        run.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return begun.size();
  }

  /**
   * Claims what there is, up to a number and to what is free here, and leaves it going.
   *
   * @param ended is run whenever one of them has ended
   * @return the runs that were begun
   */
  List<Future<?>> begin(int most, Runnable ended) {
    return begin(most, ended, Stint.ENDLESS);
  }

  /**
   * Claims and begins runs as the other one does.
   *
   * @param stint how long they may be worked on; where it goes on no more, they are handed back
   *     before their next step
   */
  List<Future<?>> begin(int most, Runnable ended, Stint stint) {
    int wanted = 0;
    while (wanted < most && !leaving && free.tryAcquire()) {
      wanted++;
    }
    List<Future<?>> begun = new ArrayList<>();
    try {
      if (wanted > 0) {
        Lease lease = Lease.of(config.lease());
        begin(queue.claim(wanted, config.lease()), lease, ended, stint, begun);
      }
    } finally {
      free.release(wanted - begun.size());
    }
    return begun;
  }

  private void begin(
      List<Claim> claims, Lease lease, Runnable ended, Stint stint, List<Future<?>> begun) {
    for (Claim claim : claims) {
      Holding holding = new Holding(claim, lease);
      held.add(holding);
      try {
        begun.add(threads.submit(() -> execute(holding, ended, stint)));
      } catch (RejectedExecutionException e) {
        // This worker was stopped while it claimed.
        held.remove(holding);
        handBack(List.of(claim));
      }
    }
  }

  private void execute(Holding holding, Runnable ended, Stint stint) {
    try {
      if (holding.begin()) {
        executor.execute(holding.claim(), holding::isHeld, stint, holding::ends);
      }
    } finally {
      held.remove(holding);
      free.release();
      ended.run();
    }
  }

  /** Whether another run could be begun here. */
  public boolean hasRoom() {
    return !leaving && free.availablePermits() > 0;
  }

  /** Begins nothing more, since this process is about to stop; what is held goes on. */
  void leave() {
    leaving = true;
  }

  /** Whether nothing more is begun here. */
  boolean isLeaving() {
    return leaving;
  }

  /** How many runs are worked on here. */
  int holds() {
    return held.size();
  }

  /** Keeps what is held here held, and stops work on what is not any more. */
  void extendLeases() throws InterruptedException {
    List<Holding> holdings = List.copyOf(held);
    if (holdings.isEmpty()) {
      return;
    }
    Lease lease = Lease.of(config.lease());
    List<Claim> claims = claimsOf(holdings);
    // A connection that broke must not cost a lease while there is time for another one.
    List<Claim> kept =
        Outage.outlast(config.lease().dividedBy(2), () -> queue.extend(claims, config.lease()));
    letGo(holdings, kept);
    holdings.forEach(holding -> holding.extend(lease));
  }

  /** Stops work on what is not held here any more. */
  void stopLost() {
    List<Holding> holdings = List.copyOf(held);
    if (!holdings.isEmpty()) {
      letGo(holdings, queue.stillHeld(claimsOf(holdings)));
    }
  }

  private static void letGo(List<Holding> holdings, List<Claim> stillHeld) {
    Set<Claim> kept = Set.copyOf(stillHeld);
    holdings.stream().filter(holding -> !kept.contains(holding.claim())).forEach(Holding::lose);
  }

  /**
   * Hands back everything that is held here, to be gone on with from the last entry.
   *
   * @return whether there was anything
   */
  boolean stop() {
    leave();
    List<Holding> holdings = List.copyOf(held);
    holdings.forEach(Holding::stop);
    threads.close();
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

  private static List<Claim> claimsOf(List<Holding> holdings) {
    return holdings.stream().map(Holding::claim).toList();
  }
}
