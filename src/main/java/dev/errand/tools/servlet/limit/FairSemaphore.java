package dev.errand.tools.servlet.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fair semaphore: permits are shared by profile, then by installation. One profile gets at most
 * all but one, and one installation at most all but one of those. The next permit goes to the
 * profile that holds the fewest, and in it to the call of the lowest {@link CallProgress#level
 * level}, so that a short call overtakes long ones. Long calls go in the order in which they began,
 * so that they end one by one, and every fifth permit of a profile goes to the eldest of its calls,
 * so that short ones cannot starve it.
 */
public final class FairSemaphore {
  /** One of this many permits of a profile goes to the eldest call. */
  private static final int ELDEST_EVERY = 5;

  private static final Comparator<Waiter> LEAST_SERVED =
      Comparator.<Waiter>comparingInt(waiter -> waiter.profile.held)
          .thenComparingLong(waiter -> waiter.profile.last)
          .thenComparingInt(waiter -> waiter.profile.eldestNext() ? 0 : waiter.level)
          .thenComparingInt(waiter -> waiter.inTurns() ? waiter.installation.held : 0)
          .thenComparingLong(waiter -> waiter.inTurns() ? waiter.installation.last : 0)
          .thenComparingLong(waiter -> waiter.since);

  private final int count;
  private final Duration slice;
  private final int mostOfProfile;
  private final int mostOfInstallation;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Use> profiles = new HashMap<>();
  private final Map<CallOwner, Use> installations = new HashMap<>();

  /** In order of arrival. */
  private final List<Waiter> waiters = new ArrayList<>();

  private int held;
  private long turns;

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
    this.count = count;
    this.slice = slice;
    this.mostOfProfile = Math.max(1, count - 1);
    this.mostOfInstallation = Math.max(1, mostOfProfile - 1);
  }

  /** The permits of a profile or an installation. */
  private static final class Use {
    private int held;
    private int waiting;
    private long last;
    private int turns;

    boolean eldestNext() {
      return turns % ELDEST_EVERY == ELDEST_EVERY - 1;
    }
  }

  /** A waiting call. */
  private static final class Waiter {
    private final Use profile;
    private final Use installation;
    private final int level;
    private final long since;
    private final CountDownLatch turn = new CountDownLatch(1);

    Waiter(Use profile, Use installation, int level, long since) {
      this.profile = profile;
      this.installation = installation;
      this.level = level;
      this.since = since;
    }

    /** Whether installations take turns: for short calls, unless it is the eldest's turn. */
    boolean inTurns() {
      return level == 0 && !profile.eldestNext();
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
   * @return whether it was acquired in that time
   */
  public boolean take(CallOwner owner, long nanos) throws InterruptedException {
    return take(owner, CallProgress.none(), nanos);
  }

  /**
   * Acquires a permit, and waits for it if necessary.
   *
   * @param nanos how long to wait at most, in nanoseconds
   * @return whether it was acquired in that time
   */
  boolean take(CallOwner owner, CallProgress progress, long nanos) throws InterruptedException {
    return await(owner, join(owner, progress), nanos);
  }

  /**
   * Releases a permit and acquires one again, which is the same one unless another waiter has
   * precedence.
   *
   * @param nanos how long to wait at most, in nanoseconds
   * @return whether it was acquired in that time
   */
  boolean pass(CallOwner owner, CallProgress progress, long nanos) throws InterruptedException {
    return await(owner, rejoin(owner, progress), nanos);
  }

  private boolean await(CallOwner owner, Waiter waiter, long nanos) throws InterruptedException {
    try {
      return waiter.turn.await(nanos, TimeUnit.NANOSECONDS) || !leave(owner, waiter);
    } catch (InterruptedException e) {
      if (!leave(owner, waiter)) {
        give(owner);
      }
      throw e;
    }
  }

  /** Acquires a permit if one is free and no call waits. */
  public boolean takeIdle(CallOwner owner) {
    lock.lock();
    try {
      if (!waiters.isEmpty()) {
        return false;
      }
      var waiter = enqueue(owner, CallProgress.none());
      serve();
      if (waiters.remove(waiter)) {
        waits(waiter, -1);
        forget(owner);
        return false;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Releases a permit. */
  public void give(CallOwner owner) {
    lock.lock();
    try {
      release(owner);
      forget(owner);
      serve();
    } finally {
      lock.unlock();
    }
  }

  private void release(CallOwner owner) {
    use(profiles, owner.profile()).held--;
    use(installations, owner).held--;
    held--;
  }

  /** The number of permits that are held. */
  public int held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** The number of waiting calls. */
  public int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  private Waiter join(CallOwner owner, CallProgress progress) {
    lock.lock();
    try {
      var waiter = enqueue(owner, progress);
      serve();
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private Waiter rejoin(CallOwner owner, CallProgress progress) {
    lock.lock();
    try {
      var waiter = enqueue(owner, progress);
      release(owner);
      serve();
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private Waiter enqueue(CallOwner owner, CallProgress progress) {
    var waiter =
        new Waiter(
            use(profiles, owner.profile()),
            use(installations, owner),
            progress.level(slice),
            progress.since());
    waits(waiter, 1);
    waiters.add(waiter);
    return waiter;
  }

  /** Stops waiting; false if the waiter has just received a permit. */
  private boolean leave(CallOwner owner, Waiter waiter) {
    lock.lock();
    try {
      var waited = waiters.remove(waiter);
      if (waited) {
        waits(waiter, -1);
        forget(owner);
      }
      return waited;
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    while (held < count) {
      var next = waiters.stream().filter(this::mayTake).min(LEAST_SERVED);
      if (next.isEmpty()) {
        return;
      }
      var waiter = next.get();
      waiters.remove(waiter);
      waits(waiter, -1);
      held++;
      turns++;
      for (var use : List.of(waiter.profile, waiter.installation)) {
        use.held++;
        use.turns++;
        use.last = turns;
      }
      waiter.turn.countDown();
    }
  }

  private boolean mayTake(Waiter waiter) {
    return waiter.profile.held < mostOfProfile && waiter.installation.held < mostOfInstallation;
  }

  private static void waits(Waiter waiter, int more) {
    waiter.profile.waiting += more;
    waiter.installation.waiting += more;
  }

  private static <K> Use use(Map<K, Use> uses, K key) {
    return uses.computeIfAbsent(key, _ -> new Use());
  }

  private void forget(CallOwner owner) {
    profiles.computeIfPresent(owner.profile(), (_, use) -> used(use));
    installations.computeIfPresent(owner, (_, use) -> used(use));
  }

  private static @Nullable Use used(Use use) {
    return use.held == 0 && use.waiting == 0 ? null : use;
  }
}
