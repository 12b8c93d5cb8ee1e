package dev.errand.worker;

import dev.errand.run.Claim;
import dev.errand.run.RunQueue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Claims runs and executes them, so many at once, each on a virtual thread of its own. */
@ApplicationScoped
public class Worker {
  private final RunQueue queue;
  private final RunExecutor executor;
  private final WorkerConfig config;
  private final Semaphore free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentMap<Claim, Thread> held = new ConcurrentHashMap<>();

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
    int wanted = 0;
    while (wanted < most && free.tryAcquire()) {
      wanted++;
    }
    List<Future<?>> begun = new ArrayList<>();
    try {
      if (wanted > 0) {
        for (Claim claim : queue.claim(wanted, config.lease())) {
          begun.add(threads.submit(() -> execute(claim, ended)));
        }
      }
    } finally {
      free.release(wanted - begun.size());
    }
    return begun;
  }

  private void execute(Claim claim, Runnable ended) {
    held.put(claim, Thread.currentThread());
    try {
      executor.execute(claim);
    } finally {
      held.remove(claim);
      free.release();
      ended.run();
    }
  }

  /** Whether another run could be begun here. */
  boolean hasRoom() {
    return free.availablePermits() > 0;
  }

  /** Keeps what is held here held, and stops work on what is not any more. */
  void extendLeases() {
    List<Claim> claims = List.copyOf(held.keySet());
    if (claims.isEmpty()) {
      return;
    }
    List<Claim> kept = queue.extend(claims, config.lease());
    for (Claim claim : claims) {
      Thread thread = held.get(claim);
      if (thread != null && !kept.contains(claim)) {
        thread.interrupt();
      }
    }
  }

  /** Hands back everything that is held here, to be gone on with from the last entry. */
  void stop() {
    threads.shutdownNow();
    threads.close();
  }
}
