package dev.errand.adapters.mcp.transport;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.ClientInfo;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An open stream: its caller, and its unsent answers. */
final class SseStream {
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final int MOST_AT_ONCE = 32;
  private static final int MOST_UNSENT = 100;

  private final Caller caller;
  private final ProfileSlug profile;
  private final URI base;
  private final BlockingQueue<ObjectNode> unsent = new ArrayBlockingQueue<>(MOST_UNSENT);
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Set<Runnable> waits = ConcurrentHashMap.newKeySet();
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

  /** Takes room for one more request, if there is any; {@link #answered} releases it. */
  boolean begin() {
    return places.tryAcquire();
  }

  void answered() {
    places.release();
  }

  /** Adds an answer; false where the client does not read answers, or has disconnected. */
  boolean add(ObjectNode answer) {
    return !ended && unsent.offer(answer);
  }

  /** The next answer, or null when there is none after that time, or the stream has ended. */
  @Nullable ObjectNode next(Duration most) throws InterruptedException {
    ObjectNode next = unsent.poll(most.toMillis(), TimeUnit.MILLISECONDS);
    return ended ? null : next;
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
    // Wakes the reader; if the queue is full, the reader is awake already.
    boolean _ = unsent.offer(NOTHING);
    waits.forEach(Runnable::run);
  }
}
