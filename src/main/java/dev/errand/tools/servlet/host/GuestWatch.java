package dev.errand.tools.servlet.host;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A clock for all guests that run: at each tick it looks at each of them. A timer for each would
 * cost more than a short call, most of which end before the first tick.
 */
final class GuestWatch {
  private static final Logger LOG = Logger.getLogger(GuestWatch.class);

  /** A guest whose time is over is stopped so much later at most. */
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** After so many ticks without a guest, the thread ends. */
  private static final int IN_VAIN = 100;

  private final long tickNanos;
  private final Set<GuestThread> running = new HashSet<>();
  private @Nullable Thread thread;
  private int inVain;

  /**
   * A clock that ticks while guests run.
   *
   * @param slice the time slice of guests
   */
  GuestWatch(Duration slice) {
    this.tickNanos = Math.min(MOST_NANOS, slice.toNanos());
  }

  synchronized void add(GuestThread guest) {
    running.add(guest);
    if (thread == null) {
      thread = start();
    }
  }

  synchronized void remove(GuestThread guest) {
    running.remove(guest);
  }

  private void watch() {
    try {
      while (goesOn()) {
        LockSupport.parkNanos(tickNanos);
        guests().forEach(GuestWatch::look);
      }
    } finally {
      ended();
    }
  }

  private static void look(GuestThread guest) {
    try {
      guest.look();
    } catch (RuntimeException | Error e) {
      // The others need their limits, too.
      LOG.errorf(e, "A servlet could not be looked at; this is repeated");
    }
  }

  // What runs after an error must not be left without its limits.
  private synchronized void ended() {
    if (thread == Thread.currentThread()) {
      thread = running.isEmpty() ? null : start();
    }
  }

  private Thread start() {
    return Thread.ofPlatform().daemon().name("servlet-watch").start(this::watch);
  }

  private synchronized boolean goesOn() {
    inVain = running.isEmpty() ? inVain + 1 : 0;
    if (inVain > IN_VAIN) {
      thread = null;
      inVain = 0;
      return false;
    }
    return true;
  }

  private synchronized List<GuestThread> guests() {
    return List.copyOf(running);
  }
}
