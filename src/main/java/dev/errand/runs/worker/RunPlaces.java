package dev.errand.runs.worker;

import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The places of a process for runs, and who holds them. A run needs a working place to begin and to
 * call tools; while it waits for a model it only counts among the runs that the process holds, of
 * which there may be many more. What bounds those is memory: no run begins while the conversations
 * of all take more than their share of it.
 *
 * <p>The more places of a kind are free, the more a user or a profile may hold: whoever takes one
 * leaves free at least a quarter of what its profile held, and a sixth of what its user held
 * (dynamic thresholds, Choudhury and Hahne, 1998). So a profile that is alone works on as many runs
 * as the configured concurrency, several share, and one that holds none finds a place.
 */
final class RunPlaces {
  private static final int OF_PROFILE = 4;
  private static final int OF_USER = 6;
  private static final long HEAP_OF_RUN = 192 * 1024;
  private static final int MOST = 10_000;
  private static final int BYTES_OF_CHARACTER = 2;
  // How often a run that waits for a place checks whether it may still go on here.
  private static final Duration CHECK = Duration.ofMillis(500);

  private final ReentrantLock lock = new ReentrantLock();
  private final Share working;
  private final Share held;
  private final long memory;
  private final Map<UUID, Deque<Place>> waiting = new LinkedHashMap<>();
  private final Map<Long, Place> byRun = new HashMap<>();
  private long used;

  RunPlaces(WorkerConfig config) {
    this(config.concurrency(), most(config), config.conversations());
  }

  /**
   * The places of a process.
   *
   * @param concurrency how many runs a profile that is alone works on; 0 for no places at all
   * @param most how many runs the process holds, those that wait for a model included
   * @param memory how many bytes their conversations may take before no further run begins
   */
  RunPlaces(int concurrency, int most, long memory) {
    this.working = new Share(Math.min(number(concurrency), most));
    this.held = new Share(concurrency == 0 ? 0 : most);
    this.memory = memory;
  }

  private static int most(WorkerConfig config) {
    long byHeap = Math.min(MOST, Runtime.getRuntime().maxMemory() / HEAP_OF_RUN);
    return config.most().orElse((int) Math.max(number(config.concurrency()), byHeap));
  }

  /** How many places there are, so that a profile that is alone may hold {@code concurrency}. */
  static int number(int concurrency) {
    if (concurrency == 0) {
      return 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, concurrency + Math.max(1, (concurrency + 2L) / 4));
  }

  /** How many runs the process can hold. */
  int size() {
    return held.size;
  }

  /** How many runs may begin now. */
  int free() {
    lock.lock();
    try {
      return used < memory ? Math.max(0, Math.min(working.free, held.free)) : 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many runs of this process wait for a model, and take no working place. */
  int idle() {
    lock.lock();
    try {
      return working.free - held.free + held.size - working.size;
    } finally {
      lock.unlock();
    }
  }

  /** Reserves places for runs that are about to be claimed, up to a number. */
  Reserved reserve(int most) {
    return reserve(most, List.of());
  }

  /**
   * Reserves places for runs that are about to be claimed, up to a number.
   *
   * @param ending runs that are about to give up their places, which count as free
   */
  Reserved reserve(int most, List<Claim> ending) {
    lock.lock();
    try {
      int free = Math.min(working.without(working(ending)).free, held.without(held(ending)).free);
      int reserved = used < memory ? Math.clamp(free, 0, most) : 0;
      working.free -= reserved;
      held.free -= reserved;
      return new Reserved(reserved);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a user or a profile holds its share, so that its runs may wait although places are
   * free.
   */
  boolean isAnyShareHeld() {
    lock.lock();
    try {
      Shares now = new Shares(working, held);
      return held.users.keySet().stream().anyMatch(user -> now.moreOfUser(user, 0) == 0)
          || held.profiles.keySet().stream()
              .anyMatch(profile -> now.moreOfProfile(profile, 0) == 0);
    } finally {
      lock.unlock();
    }
  }

  // The largest number whose last one leaves enough free: held + more - 1 <= factor * (free -
  // more).
  private static int more(int factor, int held, int free) {
    long more = ((long) factor * free + 1 - held) / (factor + 1);
    return (int) Math.max(0, more);
  }

  // Gives free working places to runs that wait for one, to each profile as many as it may hold.
  private void grant() {
    Iterator<Deque<Place>> profiles = waiting.values().iterator();
    while (working.free > 0 && profiles.hasNext()) {
      Deque<Place> places = profiles.next();
      while (!places.isEmpty() && mayWork(places.getFirst().claim)) {
        Place first = places.removeFirst();
        first.work();
        first.granted.signal();
      }
      if (places.isEmpty()) {
        profiles.remove();
      }
    }
  }

  private boolean mayWork(Claim claim) {
    int user = working.users.getOrDefault(claim.ownerId(), 0);
    int profile = working.profiles.getOrDefault(claim.profileId(), 0);
    return more(OF_USER, user, working.free) > 0 && more(OF_PROFILE, profile, working.free) > 0;
  }

  private List<Claim> held(List<Claim> claims) {
    return placesOf(claims).map(place -> place.claim).toList();
  }

  // A run that ends with its answer has waited for a model, and works no more.
  private List<Claim> working(List<Claim> claims) {
    return placesOf(claims).filter(place -> place.works).map(place -> place.claim).toList();
  }

  private Stream<Place> placesOf(List<Claim> claims) {
    return claims.stream().map(claim -> byRun.get(claim.runId())).filter(Objects::nonNull);
  }

  /** What both kinds of places leave to whom. */
  private record Shares(Share working, Share held) {
    int moreOfUser(UUID user, int reserved) {
      return Math.min(
          more(OF_USER, working.users.getOrDefault(user, 0), working.free + reserved),
          more(OF_USER, held.users.getOrDefault(user, 0), held.free + reserved));
    }

    int moreOfProfile(UUID profile, int reserved) {
      return Math.min(
          more(OF_PROFILE, working.profiles.getOrDefault(profile, 0), working.free + reserved),
          more(OF_PROFILE, held.profiles.getOrDefault(profile, 0), held.free + reserved));
    }
  }

  /** How many places of a kind there are, and who holds them. */
  private static final class Share {
    private final int size;
    private final Map<UUID, Integer> profiles = new HashMap<>();
    private final Map<UUID, Integer> users = new HashMap<>();
    private int free;

    Share(int size) {
      this.size = size;
      this.free = size;
    }

    void add(Claim claim) {
      profiles.merge(claim.profileId(), 1, Integer::sum);
      users.merge(claim.ownerId(), 1, Integer::sum);
    }

    Share without(List<Claim> claims) {
      if (claims.isEmpty()) {
        return this;
      }
      Share rest = new Share(size);
      rest.profiles.putAll(profiles);
      rest.users.putAll(users);
      rest.free = free;
      claims.forEach(rest::remove);
      return rest;
    }

    void remove(Claim claim) {
      profiles.computeIfPresent(claim.profileId(), (id, runs) -> runs == 1 ? null : runs - 1);
      users.computeIfPresent(claim.ownerId(), (id, runs) -> runs == 1 ? null : runs - 1);
      free++;
    }
  }

  /** Places for runs that are about to be claimed. */
  final class Reserved implements AutoCloseable {
    private int left;

    private Reserved(int places) {
      left = places;
    }

    int places() {
      return left;
    }

    /**
     * Who may take how many of them.
     *
     * @param ending runs that are about to give up their places, which count as free
     */
    Allowance allowance(List<Claim> ending) {
      lock.lock();
      try {
        Shares then = new Shares(working.without(working(ending)), held.without(held(ending)));
        int all = left;
        Set<UUID> full = new HashSet<>();
        for (UUID user : then.held.users.keySet()) {
          int more = then.moreOfUser(user, left);
          if (more == 0) {
            full.add(user);
          } else {
            // So that none exceeds its share, whosever runs they are.
            all = Math.min(all, more);
          }
        }
        Map<UUID, Integer> limits = new HashMap<>();
        for (UUID profile : then.held.profiles.keySet()) {
          int more = then.moreOfProfile(profile, left);
          if (more < all) {
            limits.put(profile, more);
          }
        }
        return new Allowance(all, full, limits);
      } finally {
        lock.unlock();
      }
    }

    /** Takes one of them for a claimed run. */
    Place take(Claim claim) {
      lock.lock();
      try {
        if (left == 0) {
          // The queue gave more than it was asked for.
          working.free--;
          held.free--;
        } else {
          left--;
        }
        return new Place(claim);
      } finally {
        lock.unlock();
      }
    }

    /** Frees those that were not taken. */
    @Override
    public void close() {
      lock.lock();
      try {
        working.free += left;
        held.free += left;
        left = 0;
        grant();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The place of one run, from its claim to its end here. */
  final class Place implements AutoCloseable {
    private final Claim claim;
    private final Condition granted = lock.newCondition();
    private boolean works = true;
    private long bytes;

    private Place(Claim claim) {
      this.claim = claim;
      working.add(claim);
      held.add(claim);
      byRun.put(claim.runId(), this);
    }

    /** Leaves the working place, because the run waits. */
    void idle() {
      lock.lock();
      try {
        leave();
        grant();
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits for a working place, unless the run has one.
     *
     * @param budget ends the wait when no step may begin here any more
     * @return whether the run has one; otherwise it continues elsewhere
     */
    boolean resume(WorkBudget budget) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        if (!works) {
          waiting.computeIfAbsent(claim.profileId(), id -> new ArrayDeque<>()).add(this);
          grant();
          try {
            while (!works && budget.goesOn()) {
              boolean _ = granted.await(CHECK.toNanos(), TimeUnit.NANOSECONDS);
            }
          } finally {
            waiting.computeIfPresent(
                claim.profileId(),
                (id, places) -> places.remove(this) && places.isEmpty() ? null : places);
          }
        }
        return works;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Counts a further part of the run's conversation.
     *
     * @param characters of its JSON, each of which takes about two bytes in memory
     */
    void holds(long characters) {
      lock.lock();
      try {
        bytes += BYTES_OF_CHARACTER * characters;
        used += BYTES_OF_CHARACTER * characters;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        leave();
        held.remove(claim);
        byRun.remove(claim.runId(), this);
        used -= bytes;
        bytes = 0;
        grant();
      } finally {
        lock.unlock();
      }
    }

    private void work() {
      works = true;
      working.free--;
      working.add(claim);
    }

    private void leave() {
      if (works) {
        works = false;
        working.remove(claim);
      }
    }
  }
}
