package dev.errand.base.turn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fair semaphore: permits are shared by user, then by profile, then by part of a profile, such as
 * an installation whose tools are called. One user gets at most all but one, as does one profile,
 * and one part at most all but one of those. The next permit goes to the user who holds the fewest,
 * in that to the profile that holds the fewest, and in it to the call of the lowest {@link
 * WorkProgress#level level}, so that a short call overtakes long ones. Long calls go in the order
 * in which they began, so that they end one by one, and every fifth permit of a profile goes to the
 * eldest of its calls, so that short ones cannot starve it.
 */
public final class FairSemaphore {
  /** One of this many permits of a profile goes to the eldest call. */
  private static final int ELDEST_EVERY = 5;

  private final Duration slice;
  private final int mostOfUser;
  private final int mostOfPart;
  private final Share all;

  /** A semaphore whose permits are held until they are released. */
  public FairSemaphore(int count) {
    this(count, Duration.ofDays(365));
  }

  /**
   * A semaphore whose permits are passed on.
   *
   * @param slice how long to hold a permit at most while others wait
   */
  public FairSemaphore(int count, Duration slice) {
    this.slice = slice;
    this.mostOfUser = Math.max(1, count - 1);
    this.mostOfPart = Math.max(1, mostOfUser - 1);
    this.all = new Share(null, "", count);
  }

  /**
   * The permits of a user, of one of their profiles, or of a part of that. The share of all is the
   * whole of the users'.
   */
  private static final class Share {
    private final @Nullable Share whole;
    private final String name;
    private final int most;

    /** Those that hold permits or wait for some, in order of arrival. */
    private final Map<String, Share> parts = new LinkedHashMap<>();

    /** The waiting calls of a profile, in order of arrival. */
    private final List<Waiter> waiters = new ArrayList<>();

    private int held;
    private int waiting;
    private long turns;

    /** When it was last served, in turns of all. */
    private long last;

    Share(@Nullable Share whole, String name, int most) {
      this.whole = whole;
      this.name = name;
      this.most = most;
    }

    Share part(String part, int most) {
      return parts.computeIfAbsent(part, _ -> new Share(this, part, most));
    }

    /** The next waiter that may take a permit of this share. */
    @Nullable Waiter next() {
      if (waiting == 0 || held >= most) {
        return null;
      }
      return waiters.isEmpty() ? nextOfParts() : nextOfWaiters();
    }

    private @Nullable Waiter nextOfParts() {
      Share first = null;
      Waiter next = null;
      for (var part : parts.values()) {
        if (first == null || part.compareServed(first) < 0) {
          var found = part.next();
          if (found != null) {
            first = part;
            next = found;
          }
        }
      }
      return next;
    }

    private @Nullable Waiter nextOfWaiters() {
      var eldest = turns % ELDEST_EVERY == ELDEST_EVERY - 1;
      Waiter next = null;
      for (var waiter : waiters) {
        if (waiter.part.held < waiter.part.most
            && (next == null || waiter.precedes(next, eldest))) {
          next = waiter;
        }
      }
      return next;
    }

    /**
     * Less than 0 where this one is to be served before another: it holds less, or waits longer.
     */
    int compareServed(Share other) {
      return held != other.held
          ? Integer.compare(held, other.held)
          : Long.compare(last, other.last);
    }
  }

  /** A waiting call. */
  private static final class Waiter {
    private final Share part;
    private final Share profile;
    private final int level;
    private final long since;
    private final CountDownLatch turn = new CountDownLatch(1);

    Waiter(Share profile, Share part, WorkProgress progress, Duration slice) {
      this.profile = profile;
      this.part = part;
      this.level = progress.level(slice);
      this.since = progress.since();
    }

    /** Whether it goes before another call of its profile. */
    boolean precedes(Waiter other, boolean eldest) {
      var order = eldest ? 0 : Integer.compare(level, other.level);
      if (order == 0 && !eldest && level == 0) {
        // Short calls: their parts take turns.
        order = part.compareServed(other.part);
      }
      return order != 0 ? order < 0 : since < other.since;
    }
  }

  /** How long a permit is held at most while others wait. */
  public Duration slice() {
    return slice;
  }

  /**
   * Acquires a permit for a call that begins, and waits for it if necessary.
   *
   * @param nanos how long to wait at most, in nanoseconds
   * @return whether it was free in that time
   */
  public boolean take(WorkOwner owner, long nanos) throws InterruptedException {
    return take(owner, WorkProgress.none(), nanos);
  }

  /** Acquires a permit, and waits for it if necessary; false if it was not free in time. */
  public boolean take(WorkOwner owner, WorkProgress progress, long nanos)
      throws InterruptedException {
    return await(owner, join(owner, progress), nanos);
  }

  /**
   * Releases a permit and acquires one again, which is the same one unless another waiter has
   * precedence; false if none was free in time.
   */
  public boolean pass(WorkOwner owner, WorkProgress progress, long nanos)
      throws InterruptedException {
    return await(owner, rejoin(owner, progress), nanos);
  }

  private boolean await(WorkOwner owner, Waiter waiter, long nanos) throws InterruptedException {
    try {
      return waiter.turn.await(nanos, TimeUnit.NANOSECONDS) || !leave(waiter);
    } catch (InterruptedException e) {
      if (!leave(waiter)) {
        give(owner);
      }
      throw e;
    }
  }

  /** Acquires a permit if one is free and no call waits. */
  public synchronized boolean takeIdle(WorkOwner owner) {
    if (all.waiting > 0) {
      return false;
    }
    var waiter = enqueue(owner, WorkProgress.none());
    serve();
    return !leave(waiter);
  }

  /** Releases a permit. */
  public synchronized void give(WorkOwner owner) {
    release(part(owner));
    serve();
  }

  private Share profile(WorkOwner owner) {
    return all.part(owner.user(), mostOfUser).part(owner.profile(), mostOfUser);
  }

  private Share part(WorkOwner owner) {
    return profile(owner).part(owner.part(), mostOfPart);
  }

  public synchronized int held() {
    return all.held;
  }

  public synchronized int waiting() {
    return all.waiting;
  }

  private synchronized Waiter join(WorkOwner owner, WorkProgress progress) {
    var waiter = enqueue(owner, progress);
    serve();
    return waiter;
  }

  private synchronized Waiter rejoin(WorkOwner owner, WorkProgress progress) {
    var waiter = enqueue(owner, progress);
    release(waiter.part);
    serve();
    return waiter;
  }

  private Waiter enqueue(WorkOwner owner, WorkProgress progress) {
    var profile = profile(owner);
    var part = profile.part(owner.part(), mostOfPart);
    var waiter = new Waiter(profile, part, progress, slice);
    waiter.profile.waiters.add(waiter);
    for (var share = waiter.part; share != null; share = share.whole) {
      share.waiting++;
    }
    return waiter;
  }

  /** Stops waiting; false if the waiter has just received a permit. */
  private synchronized boolean leave(Waiter waiter) {
    if (!waiter.profile.waiters.remove(waiter)) {
      return false;
    }
    for (var share = waiter.part; share != null; share = share.whole) {
      share.waiting--;
      forget(share);
    }
    return true;
  }

  private void serve() {
    for (var waiter = all.next(); waiter != null; waiter = all.next()) {
      var turn = all.turns + 1;
      for (var share = waiter.part; share != null; share = share.whole) {
        share.held++;
        share.turns++;
        share.last = turn;
      }
      leave(waiter);
      waiter.turn.countDown();
    }
  }

  private static void release(Share part) {
    for (var share = part; share != null; share = share.whole) {
      share.held--;
      forget(share);
    }
  }

  private static void forget(Share share) {
    if (share.held == 0 && share.waiting == 0 && share.whole != null) {
      share.whole.parts.remove(share.name);
    }
  }
}
