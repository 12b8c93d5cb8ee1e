package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of heap for what requests read from the database to show it. The requests of one user
 * get half of it, so that who asks for much is refused, and others are not; a quarter is left to
 * users who hold little. Where memory is waited for, clients that take hardly anything of their
 * answers are disconnected.
 */
@Singleton
public class ReadBudget {
  // Bytes of memory for one byte of text: what the driver read, the text, of which each character
  // may take two bytes, and what it is decoded by.
  private static final int PER_BYTE = 4;
  private static final int USERS = 2;
  private static final int PART_LEFT = 4;
  // Who holds less than this part may take of what is left.
  private static final int PART_LITTLE = 8;
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final ByteBudget all;
  private final Duration patience;
  // Of the users whose requests hold something, or wait for it.
  private final Map<String, Share> shares = new HashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private final Set<Held> sent = ConcurrentHashMap.newKeySet();

  /**
   * The process's budget.
   *
   * @param size the memory for what requests read from the database at the same time: bytes such as
   *     {@code 64M}, or a share of the largest heap such as {@code 15%}
   * @param patience the longest wait of a request for this memory, before it is answered 503
   */
  @Inject
  ReadBudget(
      @ConfigProperty(name = "errand.memory.read-budget", defaultValue = "15%") String size,
      @ConfigProperty(name = "errand.memory.read-wait", defaultValue = "PT5S") Duration patience) {
    this(ByteBudget.bytes("errand.memory.read-budget", size), patience);
  }

  ReadBudget(long capacity, Duration patience) {
    this.all = new ByteBudget(capacity);
    this.patience = patience;
  }

  /** What one user's requests hold, and how many of them do. */
  private static final class Share {
    private final ByteBudget bytes;
    private int holders;

    private Share(long capacity) {
      this.bytes = new ByteBudget(capacity);
    }
  }

  public long capacity() {
    return all.capacity();
  }

  /** How many bytes of texts the requests of one user can hold. */
  long largest() {
    return all.capacity() / USERS / PER_BYTE;
  }

  /** How many bytes are reserved. */
  public long used() {
    return all.used();
  }

  /** How many requests were refused so far. */
  public long refused() {
    return refused.get();
  }

  /**
   * Begins to hold memory for a user, of which nothing is reserved yet. What a request reads is
   * held by its {@link RequestMemory}.
   */
  public Held open(String user) {
    return open(user, List.of(), null);
  }

  /**
   * The same for a request.
   *
   * @param before what it holds already, for which it can't wait
   * @param client who is sent the answer; null where that is not known
   */
  Held open(String user, List<Held> before, @Nullable ConnectionGuard client) {
    Held held = new Held(user, join(user), before, client);
    if (client != null) {
      sent.add(held);
    }
    return held;
  }

  private synchronized Share join(String user) {
    Share share = shares.computeIfAbsent(user, known -> new Share(all.capacity() / USERS));
    share.holders++;
    return share;
  }

  private synchronized void leave(String user, Share share) {
    share.holders--;
    if (share.holders == 0) {
      shares.remove(user);
    }
  }

  int waiting() {
    return all.waiting();
  }

  /** Has the clients of one user, or of all, take their answers, or leave. */
  private void hurry(@Nullable String user) {
    for (Held each : sent) {
      ConnectionGuard client = each.client;
      if (client != null && (user == null || each.user.equals(user))) {
        client.closeUnlessTaking();
      }
    }
  }

  synchronized int users() {
    return shares.size();
  }

  /**
   * The memory of one list, text or other thing that a request reads. Its sizes are in bytes of
   * text in UTF-8, as the database counts them.
   */
  public final class Held implements AutoCloseable {
    private final String user;
    private final Share share;
    private final Reservation ofUser;
    private final Reservation ofAll;
    private final List<Held> before;
    private final @Nullable ConnectionGuard client;
    private boolean closed;

    private Held(String user, Share share, List<Held> before, @Nullable ConnectionGuard client) {
      this.before = before;
      this.client = client;
      this.user = user;
      this.share = share;
      this.ofUser = share.bytes.reserve(0);
      this.ofAll = all.reserve(0);
    }

    /**
     * Reserves memory for so many more bytes, and waits for it. What is larger than a user's share
     * waits for all of that, and is read alone.
     *
     * @throws ApiException {@link ErrorCode#UNAVAILABLE} when it was not free in time
     */
    public void hold(long bytes) {
      holdHeap(bytes * PER_BYTE);
    }

    /**
     * Reserves so many more bytes of heap, and waits for them, as {@link #hold} does.
     *
     * @throws ApiException as there
     */
    public void holdHeap(long wanted) {
      long until = System.nanoTime() + patience.toNanos();
      long more = Math.min(wanted, share.bytes.capacity() - mine(held -> held.ofUser));
      try {
        take(ofUser, false, more, 0, until);
        try {
          boolean isLittle = share.bytes.used() <= all.capacity() / PART_LITTLE;
          long left = isLittle ? 0 : all.capacity() / PART_LEFT;
          long room = all.capacity() - left - mine(held -> held.ofAll);
          take(ofAll, true, Math.max(0, Math.min(wanted, room)), left, until);
        } catch (BudgetExhaustedException | InterruptedException e) {
          ofUser.shrink(more);
          throw e;
        }
      } catch (BudgetExhaustedException e) {
        refused.incrementAndGet();
        throw ApiException.retryLater(
            ErrorCode.UNAVAILABLE,
            "Too much is being read at once for this process's memory: send the request again, or"
                + " ask for less.",
            AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ApiException(ErrorCode.UNAVAILABLE, "The process is stopping: try again.");
      }
    }

    private void take(Reservation of, boolean isOfAll, long more, long left, long until)
        throws InterruptedException {
      // Who needs little does not wait behind others who need more.
      boolean mayPass = isOfAll ? left == 0 || all.waiting() == 0 : share.bytes.waiting() == 0;
      if (!mayPass || !of.tryGrow(more, left)) {
        hurry(isOfAll ? null : user);
        of.grow(more, left, Duration.ofNanos(until - System.nanoTime()));
      }
    }

    // What the request itself holds, for which it would wait in vain.
    private long mine(Function<Held, Reservation> of) {
      return of.apply(this).bytes()
          + before.stream().mapToLong(held -> of.apply(held).bytes()).sum();
    }

    /**
     * Reserves memory for so many more bytes, at once.
     *
     * @return whether it was free, and enough was left to others
     */
    public boolean tryHold(long bytes) {
      long wanted = bytes * PER_BYTE;
      if (!ofUser.tryGrow(wanted)) {
        return false;
      }
      long left = all.capacity() / PART_LEFT;
      if (!ofAll.tryGrow(wanted, left)) {
        ofUser.shrink(wanted);
        return false;
      }
      return true;
    }

    /** Releases what is held for more than so many bytes. */
    public void keep(long bytes) {
      keepHeap(bytes * PER_BYTE);
    }

    /** How many bytes of heap are held. */
    long heap() {
      return ofUser.bytes();
    }

    /** Releases what is held for more than so many bytes of heap. */
    public void keepHeap(long kept) {
      ofUser.shrink(Math.max(0, ofUser.bytes() - kept));
      ofAll.shrink(Math.max(0, ofAll.bytes() - kept));
    }

    /** Releases everything. A second call has no effect. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        sent.remove(this);
        ofAll.close();
        ofUser.close();
        leave(user, share);
      }
    }
  }
}
