package dev.errand.tools.servlet.limit;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** One call's permit to use a core, which it releases while it waits for something. */
public final class ComputePermit {
  private final FairSemaphore cores;
  private final CallOwner owner;
  private final Duration patience;
  private boolean held = true;

  // The calling thread reads these, to exclude the wait for a core from the call's time.
  private long waited;
  private long since;
  private boolean waiting;

  /**
   * Wraps a permit that the caller has acquired.
   *
   * @param patience how long to wait for a permit after a release
   */
  public ComputePermit(FairSemaphore cores, CallOwner owner, Duration patience) {
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
   * @throws CallEnded.Failed when the permit can't be acquired in time
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
          "The tool was stopped because too many tools are running: it waited longer than %s to"
                  .formatted(Limits.span(patience))
              + " continue; call it again later.");
    }
    return result;
  }

  /** Releases the permit, if it is held. */
  public void release() {
    if (held) {
      held = false;
      cores.give(owner);
    }
  }

  /** Whether the call waits for a core. */
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
  }
}
