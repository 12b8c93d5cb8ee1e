package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.auth.LongRequest;
import dev.errand.identity.auth.LongRequests;
import dev.errand.identity.auth.NeededAccess;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.queue.RunDelta;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watcher's subscription to a run, open until it is closed. It keeps the text that the client has
 * not read, within a bound.
 */
public final class WatchSubscription implements AutoCloseable {
  private static final int MOST_TEXT = 64 * 1024;

  private final WatchedRun run;
  private final RunWatchers watchers;
  private final LongRequestPlaces.Place place;
  private final Semaphore signal = new Semaphore(0);
  private final StringBuilder text = new StringBuilder();
  private boolean restarted;
  private volatile boolean ended;
  private volatile @Nullable ApiException refusal;
  private volatile @Nullable LongRequest request;
  private volatile Runnable whenRefused = () -> {};

  /**
   * Creates a subscription.
   *
   * @param soFar the text that the model has written so far of an answer without an entry
   */
  WatchSubscription(
      WatchedRun run, RunWatchers watchers, LongRequestPlaces.Place place, String soFar) {
    this.run = run;
    this.watchers = watchers;
    this.place = place;
    text.append(soFar);
    // Text that the client has from an earlier subscription is void.
    restarted = !soFar.isEmpty();
  }

  LongRequestPlaces.Place place() {
    return place;
  }

  public long runId() {
    return run.id();
  }

  /**
   * Waits until there is something to read, or the time is over.
   *
   * @return false when the wait must end: the process stops, the client disconnected, or it may no
   *     longer watch
   */
  public boolean await(Duration most) throws InterruptedException {
    // The watcher reads the table next, whether it was signalled or timed out.
    boolean _ = signal.tryAcquire(Math.max(most.toMillis(), 1), TimeUnit.MILLISECONDS);
    signal.drainPermits();
    return !ended;
  }

  /**
   * Waits until the run has ended or was removed, or the time is over.
   *
   * @param orWaits whether to return also when it waits for a person
   */
  void awaitOver(Duration most, boolean orWaits) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!run.isOver(orWaits)) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive() || !await(left)) {
        return;
      }
    }
  }

  /**
   * Why the watcher may no longer watch, with the error that a new request would get; null while it
   * may.
   */
  public @Nullable ApiException refusal() {
    return refusal;
  }

  /** Runs an action when the watcher may no longer watch, at once if that is already so. */
  void whenRefused(Runnable then) {
    whenRefused = then;
    if (refusal != null) {
      then.run();
    }
  }

  /**
   * Checks whether the watcher may still watch, after it found the run removed. {@link #refusal}
   * then has the result.
   */
  void look() {
    LongRequest open = request;
    if (open != null) {
      open.look();
    }
  }

  /** Ends the subscription when the caller loses the needed access. */
  void needs(NeededAccess needed, LongRequests requests) {
    request = requests.open(needed, this::refuse);
  }

  private void refuse(ApiException why) {
    refusal = why;
    end();
    whenRefused.run();
  }

  /** A page of the run's entries from that number on; empty if the run was removed. */
  public Optional<EntryPage> page(int from) throws InterruptedException {
    return run.page(from);
  }

  /** Takes the text that the model has written since the last call; empty if there is none. */
  public synchronized Optional<RunDelta> takeDelta() {
    // The other half of a surrogate pair may not have arrived.
    int length = WellFormed.boundary(text, text.length());
    if (length == 0 && !restarted) {
      return Optional.empty();
    }
    RunDelta delta = new RunDelta(run.id(), text.substring(0, length), restarted);
    text.delete(0, length);
    restarted = false;
    return Optional.of(delta);
  }

  synchronized void received(RunDelta delta) {
    if (delta.restart()) {
      text.setLength(0);
      restarted = true;
    }
    // A client that reads slower than a model writes gets the whole message with its entry.
    if (text.length() + delta.text().length() <= MOST_TEXT) {
      text.append(delta.text());
    }
    signal();
  }

  synchronized void changed() {
    // An entry contains the message now.
    text.setLength(0);
    restarted = false;
    signal();
  }

  /** Whether the run was removed, by the last read. */
  boolean isRemoved() {
    return run.isRemoved();
  }

  void end() {
    ended = true;
    signal();
  }

  @Override
  public void close() {
    ended = true;
    LongRequest open = request;
    if (open != null) {
      open.close();
    }
    watchers.remove(this);
    signal();
  }

  private void signal() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }
}
