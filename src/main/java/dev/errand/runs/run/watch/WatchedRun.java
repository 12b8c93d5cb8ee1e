package dev.errand.runs.run.watch;

import dev.errand.runs.queue.record.RunDelta;
import dev.errand.runs.run.archive.RunPage;
import dev.errand.runs.run.archive.RunPages;
import dev.errand.runs.run.archive.RunPages.State;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run that is watched in this process. What one of its watchers has read serves the others, too,
 * until the run changes.
 */
final class WatchedRun {
  private final long id;
  private final RunPages pages;
  private final Set<Watching> watchings = ConcurrentHashMap.newKeySet();
  private final AtomicInteger version = new AtomicInteger();

  private final ReentrantLock reading = new ReentrantLock();
  private int pageVersion = -1;
  private @Nullable RunPage page;
  private int stateVersion = -1;
  private volatile @Nullable State state;

  WatchedRun(long id, RunPages pages) {
    this.id = id;
    this.pages = pages;
  }

  long id() {
    return id;
  }

  void add(Watching watching) {
    watchings.add(watching);
  }

  /** Whether the watcher was one of its. */
  boolean remove(Watching watching) {
    return watchings.remove(watching);
  }

  boolean isWatched() {
    return !watchings.isEmpty();
  }

  /** There is something new to read. */
  void changed() {
    version.incrementAndGet();
    watchings.forEach(Watching::changed);
  }

  /** This is how it stands now, or else it is gone. */
  void seen(@Nullable State now) {
    State known = state;
    if (known != null && !known.equals(now)) {
      changed();
    }
  }

  void told(RunDelta delta) {
    watchings.forEach(watching -> watching.told(delta));
  }

  /** Nothing more is to be waited for. */
  void end() {
    watchings.forEach(Watching::end);
  }

  /** Its entries from that number on, as many as a page has; empty where it is gone. */
  Optional<RunPage> page(int from) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      int now = version.get();
      RunPage kept = page;
      if (kept != null && pageVersion == now && kept.covers(from)) {
        return Optional.of(kept.from(from));
      }
      Optional<RunPage> read = pages.page(id, from);
      // Nobody else would come to read what is kept for a single watcher.
      page = watchings.size() > 1 ? read.orElse(null) : null;
      pageVersion = now;
      state = read.map(of -> new State(of.status(), of.count())).orElse(null);
      stateVersion = now;
      return read;
    } finally {
      reading.unlock();
    }
  }

  /** Whether it has ended, or is gone. */
  boolean isOver() throws InterruptedException {
    reading.lockInterruptibly();
    try {
      int now = version.get();
      if (stateVersion != now) {
        state = pages.state(id).orElse(null);
        stateVersion = now;
      }
      State known = state;
      return known == null || known.status().isEnd();
    } finally {
      reading.unlock();
    }
  }
}
