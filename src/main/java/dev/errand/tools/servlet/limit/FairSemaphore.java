package dev.errand.tools.servlet.limit;

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
 * A fair semaphore: permits are shared by profile, then by installation. Permits cannot be revoked,
 * so one profile gets at most all but one, and one installation at most all but one of those. The
 * next permit goes to the waiter whose profile holds the fewest.
 */
public final class FairSemaphore {
  private static final Comparator<Waiter> LEAST_SERVED =
      Comparator.<Waiter>comparingInt(waiter -> waiter.profile.held)
          .thenComparingLong(waiter -> waiter.profile.last)
          .thenComparingInt(waiter -> waiter.installation.held)
          .thenComparingLong(waiter -> waiter.installation.last);

  private final int count;
  private final int mostOfProfile;
  private final int mostOfInstallation;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Use> profiles = new HashMap<>();
  private final Map<CallOwner, Use> installations = new HashMap<>();

  /** In order of arrival. */
  private final List<Waiter> waiters = new ArrayList<>();

  private int held;
  private long turns;

  public FairSemaphore(int count) {
    this.count = count;
    this.mostOfProfile = Math.max(1, count - 1);
    this.mostOfInstallation = Math.max(1, mostOfProfile - 1);
  }

  /** The permits of a profile or an installation. */
  private static final class Use {
    private int held;
    private int waiting;
    private long last;
  }

  /** A waiting call. */
  private static final class Waiter {
    private final Use profile;
    private final Use installation;
    private final CountDownLatch turn = new CountDownLatch(1);

    Waiter(Use profile, Use installation) {
      this.profile = profile;
      this.installation = installation;
    }
  }

  /**
   * Acquires a permit, and waits for it if necessary.
   *
   * @param nanos how long to wait at most, in nanoseconds
   * @return whether it was acquired in that time
   */
  public boolean take(CallOwner owner, long nanos) throws InterruptedException {
    var waiter = join(owner);
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
      var waiter = enqueue(owner);
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
      use(profiles, owner.profile()).held--;
      use(installations, owner).held--;
      held--;
      forget(owner);
      serve();
    } finally {
      lock.unlock();
    }
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

  private Waiter join(CallOwner owner) {
    lock.lock();
    try {
      var waiter = enqueue(owner);
      serve();
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private Waiter enqueue(CallOwner owner) {
    var waiter = new Waiter(use(profiles, owner.profile()), use(installations, owner));
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
