package dev.errand.tools.servlet.limit;

import dev.errand.base.json.Durations;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.base.turn.WorkProgress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * One call's permit to use a core. The call releases it while it waits for something, and gives way
 * to other calls when its time slice is over.
 */
public final class ComputePermit {
  private final FairSemaphore cores;
  private final WorkOwner owner;
  private final Duration patience;
  private boolean held = true;
  private final long started = System.nanoTime();
  private long used;

  /** When the time slice began. */
  private volatile long begun = started;

  // The calling thread reads these, to exclude the wait for a core from the call's time.
  private long waited;
  private long since;
  private boolean waiting;

  /** Wraps a permit that the caller has acquired. */
  public ComputePermit(FairSemaphore cores, WorkOwner owner, Duration patience) {
    this.cores = cores;
    this.owner = owner;
    this.patience = patience;
  }

  /** A blocking operation. */
  @FunctionalInterface
  public interface Waiting<T> {
    T await() throws InterruptedException, ExecutionException;
  }

  /**
   * Runs a blocking operation without holding the permit, and acquires it again afterwards.
   *
   * @throws CallEnded.Failed when the call has waited too long in all
   */
  public <T> T without(Waiting<T> waiting) throws InterruptedException, ExecutionException {
    release();
    var result = waiting.await();
    begin();
    try {
      held = cores.take(owner, progress(), patienceLeft());
    } finally {
      end();
    }
    requireHeld();
    return result;
  }

  /**
   * Passes the permit to another call, if one has precedence, and acquires it again.
   *
   * @throws CallEnded.Failed when the call has waited too long in all
   */
  void giveWay() throws InterruptedException {
    count();
    held = false;
    begin();
    try {
      held = cores.pass(owner, progress(), patienceLeft());
    } finally {
      end();
    }
    requireHeld();
  }

  /** Whether the time slice is over and other calls wait. */
  boolean due() {
    return System.nanoTime() - begun >= cores.slice().toNanos()
        && !waiting()
        && cores.waiting() > 0;
  }

  private void requireHeld() {
    if (!held) {
      throw new CallEnded.Failed(
          "The tool was stopped because too many tools are running: it waited longer than %s in"
                  .formatted(Durations.words(patience))
              + " all for a core; call it again later.");
    }
  }

  private long patienceLeft() {
    return patience.toNanos() - waited();
  }

  private WorkProgress progress() {
    return new WorkProgress(used, started);
  }

  /** Adds the time slice that ends. */
  private void count() {
    used += System.nanoTime() - begun;
  }

  /** Releases the permit, if it is held. */
  public void release() {
    if (held) {
      count();
      held = false;
      cores.give(owner);
    }
  }

  public synchronized boolean waiting() {
    return waiting;
  }

  /** How long the call has waited for cores so far, in nanoseconds. */
  public synchronized long waited() {
    return waiting ? waited + System.nanoTime() - since : waited;
  }

  private synchronized void begin() {
    waiting = true;
    since = System.nanoTime();
  }

  private synchronized void end() {
    waited = waited();
    waiting = false;
    begun = System.nanoTime();
  }
}
