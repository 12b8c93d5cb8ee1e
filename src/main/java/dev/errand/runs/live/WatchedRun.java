package dev.errand.runs.live;

import dev.errand.base.background.SharedReads;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.EntryPages.RequestedPage;
import dev.errand.runs.history.EntryPages.State;
import dev.errand.runs.queue.RunDelta;
import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run with watchers in this process. It caches what one watcher has read for the others, until
 * the run changes.
 */
final class WatchedRun {
  private final long id;
  private final SharedReads<RequestedPage, Optional<EntryPage>> pages;
  private final SharedReads<Long, Optional<State>> states;
  private final Set<WatchSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger version = new AtomicInteger();

  private final ReentrantLock reading = new ReentrantLock();
  private int pageVersion = -1;
  // It is nobody's, so no memory is held for it.
  private SoftReference<@Nullable EntryPage> page = new SoftReference<>(null);
  private int stateVersion = -1;
  private volatile @Nullable State state;

  WatchedRun(
      long id,
      SharedReads<RequestedPage, Optional<EntryPage>> pages,
      SharedReads<Long, Optional<State>> states) {
    this.id = id;
    this.pages = pages;
    this.states = states;
  }

  long id() {
    return id;
  }

  void add(WatchSubscription subscription) {
    subscriptions.add(subscription);
  }

  /** Removes a watcher, if it is one of this run's. */
  void remove(WatchSubscription subscription) {
    subscriptions.remove(subscription);
  }

  boolean isWatched() {
    return !subscriptions.isEmpty();
  }

  /** Wakes the watchers to read what is new. */
  void changed() {
    version.incrementAndGet();
    subscriptions.forEach(WatchSubscription::changed);
  }

  /** Compares a fresh state with the known one; null means that the run was removed. */
  void seen(@Nullable State now) {
    State known = state;
    // A state with fewer entries is outdated, since entries are only ever added.
    if (known != null && !known.equals(now) && (now == null || now.count() >= known.count())) {
      changed();
    }
  }

  void received(RunDelta delta) {
    subscriptions.forEach(subscription -> subscription.received(delta));
  }

  void end() {
    subscriptions.forEach(WatchSubscription::end);
  }

  /** A page of its entries from that number on; empty if the run was removed. */
  Optional<EntryPage> page(int from) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      int now = version.get();
      EntryPage kept = page.get();
      if (kept != null && pageVersion == now && kept.covers(from)) {
        return Optional.of(kept.from(from));
      }
      Optional<EntryPage> read = pages.get(new RequestedPage(id, from));
      // With a single watcher, the cached page would not be read again.
      page = new SoftReference<>(subscriptions.size() > 1 ? read.orElse(null) : null);
      pageVersion = now;
      state = read.map(EntryPage::state).orElse(null);
      stateVersion = now;
      return read;
    } finally {
      reading.unlock();
    }
  }

  /** Whether the run was removed, by the last read. */
  boolean isRemoved() {
    reading.lock();
    try {
      return stateVersion >= 0 && state == null;
    } finally {
      reading.unlock();
    }
  }

  /**
   * Whether the run has ended or was removed.
   *
   * @param orWaits whether it is also over while it waits for a person
   */
  boolean isOver(boolean orWaits) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      int now = version.get();
      if (stateVersion != now) {
        state = states.get(id).orElse(null);
        stateVersion = now;
      }
      State known = state;
      return known == null || known.status().isEnd() || (orWaits && known.waits());
    } finally {
      reading.unlock();
    }
  }
}
