package dev.errand.adapters.mcp.transport;

import dev.errand.adapters.mcp.ClientInfo;
import dev.errand.base.limit.ReadBudget.Held;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An open stream: its caller, and its unsent answers. */
final class SseStream {
  private static final Unsent NOTHING = new Unsent(new byte[0], null);
  private static final int MOST_AT_ONCE = 32;
  private static final int MOST_UNSENT = 100;

  /** The most bytes of unsent answers, unless it is one. */
  static final long MOST_BYTES = 8L * 1024 * 1024;

  // Answers of requests that are under way may still come.
  private static final long FULL = MOST_BYTES / 2;

  private final Caller caller;
  private final ProfileSlug profile;
  private final URI base;
  private final BlockingQueue<Unsent> unsent = new ArrayBlockingQueue<>(MOST_UNSENT);
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
  private long unsentBytes;
  private volatile @Nullable ClientInfo client;
  private volatile boolean ended;

  /**
   * Creates an open stream.
   *
   * @param base the base of the request that opened it, for links
   */
  SseStream(Caller caller, ProfileSlug profile, URI base) {
    this.caller = caller;
    this.profile = profile;
    this.base = base;
  }

  /**
   * An answer that is not sent yet.
   *
   * @param held the memory for it; null where it takes none
   */
  record Unsent(byte[] message, @Nullable Held held) {
    private void release() {
      if (held != null) {
        held.close();
      }
    }
  }

  URI base() {
    return base;
  }

  Caller caller() {
    return caller;
  }

  ProfileSlug profile() {
    return profile;
  }

  /** The client of {@code initialize}; null before. */
  @Nullable ClientInfo client() {
    return client;
  }

  void introduce(ClientInfo info) {
    client = info;
  }

  /**
   * Takes room for one more request, if there is any; {@link #answered} releases it. There is none
   * where the client reads its answers too slowly.
   */
  boolean begin() {
    return !isFull() && places.tryAcquire();
  }

  private synchronized boolean isFull() {
    return unsentBytes >= FULL;
  }

  void answered() {
    places.release();
  }

  /** Takes room for an answer of so many bytes, if there is any. */
  synchronized boolean claim(long bytes) {
    if (unsentBytes > 0 && unsentBytes + bytes > MOST_BYTES) {
      return false;
    }
    unsentBytes += bytes;
    return true;
  }

  /** Gives back the room of an answer that is not to be sent. */
  synchronized void unclaim(long bytes) {
    unsentBytes -= bytes;
  }

  /**
   * Adds an answer, for which room was taken.
   *
   * @param held the memory for it, which is released when it was sent, or is not to be
   * @return false where the client does not read answers, or has disconnected
   */
  boolean add(byte[] message, Held held) {
    Unsent answer = new Unsent(message, held);
    if (ended || !unsent.offer(answer)) {
      sent(answer);
      return false;
    }
    if (ended) {
      drop();
    }
    return true;
  }

  /** Releases the room and the memory of an answer. */
  void sent(Unsent answer) {
    unclaim(answer.message.length);
    answer.release();
  }

  /**
   * The next answer, for {@link #sent} to follow, or null when there is none after that time, or
   * the stream has ended.
   */
  @Nullable Unsent next(Duration most) throws InterruptedException {
    Unsent next = unsent.poll(most.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended || next == null) {
      return next;
    }
    sent(next);
    return null;
  }

  /** Registers an action that ends a wait when the client disconnects. */
  void onGone(Runnable end) {
    waits.add(end);
    if (ended) {
      end.run();
    }
  }

  void forget(Set<Runnable> over) {
    waits.removeAll(over);
  }

  boolean hasEnded() {
    return ended;
  }

  void end() {
    ended = true;
    drop();
    waits.forEach(Runnable::run);
  }

  private void drop() {
    List<Unsent> dropped = new ArrayList<>();
    unsent.drainTo(dropped);
    dropped.forEach(this::sent);
    // Wakes the reader; if the queue is full, the reader is awake already.
    boolean _ = unsent.offer(NOTHING);
  }
}
