package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Limits how many runs of a profile are queued. A count reads every queued run. After a count, part
 * of the free capacity is used without another one; close to the limit, each new run is counted.
 */
@Singleton
public class QueueBound {
  private static final int LEAST_TO_GIVE_OUT = 16;
  private static final int MOST_PROFILES = 10_000;
  private static final long GIVEN_OUT_FOR = Duration.ofSeconds(1).toNanos();
  private static final long FULL_FOR = Duration.ofMillis(100).toNanos();
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Sql sql;
  private final int bound;
  private final ConcurrentMap<UUID, Room> rooms = new ConcurrentHashMap<>();

  QueueBound(Sql sql, RunConfig config) {
    this.sql = sql;
    this.bound = config.queuedPerProfile();
  }

  /** The free capacity of one profile, as of its last count. */
  private static final class Room {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong left = new AtomicLong();
    private volatile long leftUntil = System.nanoTime();
    private volatile long fullUntil = System.nanoTime();

    boolean take(int wanted) {
      return System.nanoTime() - leftUntil < 0 && left.getAndAdd(-wanted) >= wanted;
    }

    boolean isFull() {
      return System.nanoTime() - fullUntil < 0;
    }

    /**
     * Keeps a quarter of the free capacity for this process, since other processes count and use
     * their part, too.
     */
    void counted(long room) {
      long now = System.nanoTime();
      long part = room / 4;
      left.set(part < LEAST_TO_GIVE_OUT ? 0 : part);
      leftUntil = now + GIVEN_OUT_FOR;
      fullUntil = room > 0 ? now : now + FULL_FOR;
    }
  }

  /**
   * Runs an action that adds one run to the queue, if the profile has capacity.
   *
   * @return the action's result; empty when the queue is full and the action was not run
   */
  <T> Optional<T> within(UUID profileId, Supplier<T> adding) {
    return within(profileId, 1, most -> adding.get());
  }

  /**
   * Runs an action that adds runs to the queue, as many as the profile has capacity for.
   *
   * @param adding is given how many it may add, 1 or more
   * @return the action's result; empty when the queue is full and the action was not run
   */
  <T> Optional<T> within(UUID profileId, int wanted, IntFunction<T> adding) {
    if (rooms.size() >= MOST_PROFILES) {
      rooms.clear();
    }
    Room room = rooms.computeIfAbsent(profileId, id -> new Room());
    room.lock.readLock().lock();
    try {
      if (room.take(wanted)) {
        return Optional.of(adding.apply(wanted));
      }
    } finally {
      room.lock.readLock().unlock();
    }
    return counted(profileId, room, wanted, adding);
  }

  // Takes the write lock, so that runs which this process added before are committed and counted.
  private <T> Optional<T> counted(UUID profileId, Room room, int wanted, IntFunction<T> adding) {
    boolean alone = alone(room);
    try {
      if (room.take(wanted)) {
        return Optional.of(adding.apply(wanted));
      }
      if (room.isFull()) {
        return Optional.empty();
      }
      long left = bound - count(profileId);
      int most = (int) Math.min(wanted, left);
      room.counted(left - Math.max(0, most - 1));
      return most < 1 ? Optional.empty() : Optional.of(adding.apply(most));
    } finally {
      if (alone) {
        room.lock.writeLock().unlock();
      }
    }
  }

  // The lock's owner may wait for a row that the caller's own transaction has locked, so a caller
  // with a transaction gives up after a while.
  private static boolean alone(Room room) {
    if (!Sql.isInTransaction()) {
      room.lock.writeLock().lock();
      return true;
    }
    try {
      return room.lock.writeLock().tryLock(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long count(UUID profileId) {
    return sql.statement(RunStatements.QUEUED)
        .with("profile_id", profileId)
        .with("bound", bound)
        .one(row -> row.number("runs"));
  }

  public ApiException refusal() {
    Map<String, String> headers = new HashMap<>(RetryDelay.header(RETRY_AFTER));
    headers.put("RateLimit-Policy", "\"queued\";q=" + bound);
    headers.put("RateLimit", "\"queued\";r=0;t=" + RetryDelay.seconds(RETRY_AFTER));
    return new ApiException(
        ErrorCode.QUEUE_FULL,
        "The profile has "
            + bound
            + " runs queued, the limit set by errand.run.queued-per-profile: try again when some"
            + " have started, or cancel some.",
        List.of(),
        headers);
  }
}
