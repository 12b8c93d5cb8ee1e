package dev.errand.runs.run.watch;

import dev.errand.runs.queue.record.RunDelta;
import dev.errand.runs.run.archive.RunPage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One watcher of a run, from its coming to its going. */
public final class Watching implements AutoCloseable {
  private static final int MOST_TEXT = 64 * 1024;

  private final WatchedRun run;
  private final RunWatch watch;
  private final Semaphore signal = new Semaphore(0);
  private final StringBuilder text = new StringBuilder();
  private boolean restarted;
  private volatile boolean ended;

  Watching(WatchedRun run, RunWatch watch) {
    this.run = run;
    this.watch = watch;
  }

  /** The number of the run. */
  public long runId() {
    return run.id();
  }

  /**
   * Waits until there is something to look at, or the time is over.
   *
   * @return false when nothing more is to be waited for: the process stops, or the client went away
   */
  public boolean await(Duration most) throws InterruptedException {
    // Whatever the time ends by, the next look is at the table.
    boolean _ = signal.tryAcquire(Math.max(most.toMillis(), 1), TimeUnit.MILLISECONDS);
    signal.drainPermits();
    return !ended;
  }

  /**
   * Waits until the run has ended or is gone, or the time is over.
   *
   * @param most how long at most
   */
  void awaitOver(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!watch.read(run::isOver)) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive() || !await(left)) {
        return;
      }
    }
  }

  /** The run's entries from that number on, as many as a page has; empty where it is gone. */
  public Optional<RunPage> page(int from) throws InterruptedException {
    return watch.read(() -> run.page(from));
  }

  /** What the model has written since this was asked last; empty when that is nothing. */
  public synchronized Optional<RunDelta> takeDelta() {
    int length = text.length();
    if (length > 0 && Character.isHighSurrogate(text.charAt(length - 1))) {
      // The other half is yet to come.
      length--;
    }
    if (length == 0 && !restarted) {
      return Optional.empty();
    }
    RunDelta delta = new RunDelta(run.id(), text.substring(0, length), restarted);
    text.delete(0, length);
    restarted = false;
    return Optional.of(delta);
  }

  synchronized void told(RunDelta delta) {
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
    // What was being written stands in an entry now.
    text.setLength(0);
    restarted = false;
    signal();
  }

  /** Nothing more is to be waited for. */
  void end() {
    ended = true;
    signal();
  }

  @Override
  public void close() {
    ended = true;
    watch.remove(this);
    signal();
  }

  private void signal() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }
}
