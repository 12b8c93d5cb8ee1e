package dev.errand.tools.servlet.limit;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** The right of one call to compute, which it gives back while it waits for something. */
public final class ComputePermit {
  private final FairSemaphore cores;
  private final CallOwner owner;
  private final Duration patience;
  private boolean held = true;

  // The calling thread reads these, to leave out of the call's time what it waits for a core.
  private long waited;
  private long since;
  private boolean waiting;

  /**
   * One core, which the maker has taken.
   *
   * @param patience how long it waits to have one again
   */
  public ComputePermit(FairSemaphore cores, CallOwner owner, Duration patience) {
    this.cores = cores;
    this.owner = owner;
    this.patience = patience;
  }

  /** Something to wait for. */
  @FunctionalInterface
  public interface Waiting<T> {
    T await() throws InterruptedException, ExecutionException;
  }

  /**
   * Waits without holding the core, and takes one again before it goes on.
   *
   * @throws CallEnded.Failed when there is none for too long
   */
  public <T> T without(Waiting<T> waiting) throws InterruptedException, ExecutionException {
    release();
    var result = waiting.await();
    begin();
    try {
      held = cores.take(owner, patience.toNanos());
    } finally {
      end();
    }
    if (!held) {
      throw new CallEnded.Failed(
          "The tool was stopped because too many tools are running: it waited longer than %s to go"
                  .formatted(Limits.span(patience))
              + " on; call it again later.");
    }
    return result;
  }

  /** Gives the core back, if it is held. */
  public void release() {
    if (held) {
      held = false;
      cores.give(owner);
    }
  }

  /** Whether it waits for a core. */
  public synchronized boolean waiting() {
    return waiting;
  }

  /** How long it has waited for a core since the call began, in nanoseconds. */
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
  }
}
