package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The places of one kind of requests that stay open, shared by users: those that wait for runs or
 * watch them, also webhooks, and the streams of older MCP clients. Each user may take another one
 * while it holds fewer than are free. One user alone gets half of them, and a user without any gets
 * one as long as there is one.
 */
public final class LongRequestPlaces {
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final int most;
  private final String full;
  private final String share;
  private final Semaphore free;
  private final Map<UUID, Integer> held = new HashMap<>();

  /**
   * Creates free places.
   *
   * @param full tells a client what to do when none is left
   */
  public LongRequestPlaces(int most, String full, String share) {
    this.most = most;
    this.full = full;
    this.share = share;
    this.free = new Semaphore(most);
  }

  /**
   * Who holds a place.
   *
   * @param userId the user; for a webhook the owner of its profile
   * @param triggerId the trigger of a webhook, whose senders are unknown; null otherwise. Its share
   *     is a part of its owner's.
   */
  public record Holder(UUID userId, @Nullable UUID triggerId) {
    /** The holder of a user's request. */
    public static Holder user(UUID userId) {
      return new Holder(userId, null);
    }
  }

  /** A place that is taken until it is closed. */
  public final class Place implements AutoCloseable {
    private final Holder holder;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Place(Holder holder) {
      this.holder = holder;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release(holder);
      }
    }
  }

  /**
   * Takes a place.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when none is left, {@link
   *     ErrorCode#RATE_LIMITED} when the holder has its share
   */
  public synchronized Place take(Holder holder) {
    checkRoom(holder);
    if (!free.tryAcquire()) {
      throw full();
    }
    held.merge(holder.userId(), 1, Integer::sum);
    if (holder.triggerId() != null) {
      held.merge(holder.triggerId(), 1, Integer::sum);
    }
    return new Place(holder);
  }

  /**
   * Checks that a place is free for a holder.
   *
   * @throws ApiException as {@link #take}
   */
  public synchronized void checkRoom(Holder holder) {
    int left = free.availablePermits();
    if (left == 0) {
      throw full();
    }
    int ofUser = held.getOrDefault(holder.userId(), 0);
    int ofTrigger =
        holder.triggerId() == null ? 0 : held.getOrDefault(holder.triggerId(), 0) + ofUser;
    if (Math.max(ofUser, ofTrigger) >= left) {
      throw ApiException.retryLater(ErrorCode.RATE_LIMITED, share, AGAIN);
    }
  }

  public ApiException full() {
    return ApiException.retryLater(ErrorCode.UNAVAILABLE, full, AGAIN);
  }

  int taken() {
    return most - free.availablePermits();
  }

  /** Waits until all are free, at most that long. */
  void awaitAllFree(Duration longest) throws InterruptedException {
    if (free.tryAcquire(most, longest.toMillis(), TimeUnit.MILLISECONDS)) {
      free.release(most);
    }
  }

  private synchronized void release(Holder holder) {
    subtract(holder.userId());
    if (holder.triggerId() != null) {
      subtract(holder.triggerId());
    }
    free.release();
  }

  private void subtract(UUID id) {
    held.computeIfPresent(id, (of, count) -> count == 1 ? null : count - 1);
  }
}
