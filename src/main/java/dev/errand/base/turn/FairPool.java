package dev.errand.base.turn;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.http.ClientPresence;
import dev.errand.base.json.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads for work that requests ask for and that takes long, of which a few work at once, in turns
 * by user and then by profile, as {@link FairSemaphore} shares them. Requests themselves run on
 * virtual threads, of which as many run at once as there are cores, and none is interrupted for
 * another: a computation there would hold up everybody.
 *
 * <p>Work is ended when its client has left, when it takes too long, and when the process stops,
 * and lets others go on after a while: it calls {@link #check} at its steps, where it holds nothing
 * that others want. What has little time or room left is refused with 503, so that clients try
 * again.
 */
public final class FairPool {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  /** How long work has its turn while others wait for one. */
  private static final long SLICE = Duration.ofMillis(100).toNanos();

  /** The most time that work gets while the process stops. */
  private static final Duration LAST = Duration.ofSeconds(1);

  private final String name;
  private final Limits limits;
  private final Function<Runnable, ClientPresence.Watch> onDeparture;
  private final FairSemaphore turns;
  private final ExecutorService threads;
  private final Map<String, Integer> ofUsers = new HashMap<>();
  private final Set<Job<?>> open = ConcurrentHashMap.newKeySet();
  private final LongAdder refused = new LongAdder();
  private volatile boolean leaving;

  /**
   * The limits of a pool.
   *
   * @param threads how much is done at once
   * @param perUser how much of one user is done and waits at once; more is refused
   * @param patience how long work waits for its turn
   * @param longest how long it takes at most
   */
  public record Limits(int threads, int perUser, Duration patience, Duration longest) {}

  /**
   * A pool.
   *
   * @param name what its work is, as in {@code compute}; its threads are named after it
   * @param onDeparture has something done when the client of the present request leaves
   */
  FairPool(String name, Limits limits, Function<Runnable, ClientPresence.Watch> onDeparture) {
    this.name = name;
    this.limits = limits;
    this.onDeparture = onDeparture;
    this.turns = new FairSemaphore(limits.threads());
    this.threads =
        // More than work at once: some wait until they have the turn again.
        Executors.newCachedThreadPool(work -> new WorkThread(work, "errand-" + name));
  }

  /** A thread of a pool, whose work may be stopped. */
  private static final class WorkThread extends Thread {
    private @Nullable Job<?> job;

    WorkThread(Runnable work, String name) {
      super(null, work, name, 0, false);
      setDaemon(true);
      // That of the application, which the JDK gives only to threads that inherit.
      setContextClassLoader(FairPool.class.getClassLoader());
    }
  }

  /** Why work is stopped. */
  private enum Stop {
    CLIENT_LEFT,
    TOOK_TOO_LONG,
    PROCESS_STOPS
  }

  /**
   * Ends the calling thread's work, if it was stopped, and lets others go on, if it has had its
   * turn for long and they wait. It does nothing on a thread that is not of a pool, whose work
   * nobody stops here.
   *
   * @throws WorkStoppedException to be passed on
   */
  public static void check() {
    check(0);
  }

  /**
   * Ends the calling thread's work, if it was stopped, or if it takes more steps than {@link
   * ShortWork} may. Work that had its turn for long gives way here to others.
   *
   * @param steps how many it takes now, of about a microsecond each
   * @throws WorkStoppedException to be passed on
   */
  public static void check(long steps) {
    ShortWork.take(steps);
    if (Thread.currentThread() instanceof WorkThread current) {
      Job<?> job = current.job;
      // What the work calls may have taken the exception for a failure, or cleared the flag.
      if (current.isInterrupted() || (job != null && job.whyStopped() != null)) {
        throw new WorkStoppedException();
      }
      if (job != null) {
        job.giveWay();
      }
    }
  }

  /**
   * Does work on a thread of this pool, and waits for it. It has nothing of the request that the
   * calling thread answers, and no transaction.
   *
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where the owner has too much here, its turn
   *     did not come in time, or it was stopped; or what the work throws
   */
  public <T extends @Nullable Object> T call(WorkOwner owner, Supplier<T> work) {
    if (Thread.currentThread() instanceof WorkThread) {
      // A part of what has its turn.
      return work.get();
    }
    return call(owner, most(limits.patience()), most(limits.longest()), work);
  }

  /** As the other, within times that the caller knows. */
  <T extends @Nullable Object> T call(
      WorkOwner owner, Duration patience, Duration longest, Supplier<T> work) {
    enter(owner);
    Job<T> job = new Job<>(owner, work);
    open.add(job);
    try (ClientPresence.Watch _ = onDeparture.apply(() -> job.stop(Stop.CLIENT_LEFT))) {
      return job.await(patience, longest);
    } finally {
      open.remove(job);
    }
  }

  private Duration most(Duration wanted) {
    return leaving && wanted.compareTo(LAST) > 0 ? LAST : wanted;
  }

  /** What its work is. */
  public String name() {
    return name;
  }

  /** How much is done at the moment. */
  public int used() {
    return turns.held();
  }

  /** How much waits for a turn. */
  public int waiting() {
    return turns.waiting();
  }

  /** How much was refused so far. */
  public long refused() {
    return refused.sum();
  }

  /** Ends what is done and what waits; what comes later gets little time. */
  void leave() {
    leaving = true;
    open.forEach(job -> job.stop(Stop.PROCESS_STOPS));
  }

  void close() {
    leave();
    threads.shutdownNow();
  }

  private synchronized void enter(WorkOwner owner) {
    int already = ofUsers.getOrDefault(owner.user(), 0);
    if (already >= limits.perUser()) {
      throw refusal(
          "Too much of this kind is under way here for one user: send fewer of these requests at a"
              + " time.");
    }
    ofUsers.put(owner.user(), already + 1);
  }

  private synchronized void leave(WorkOwner owner) {
    ofUsers.computeIfPresent(owner.user(), (_, count) -> count == 1 ? null : count - 1);
  }

  private ApiException refusal(String why) {
    refused.increment();
    return later(why);
  }

  private static ApiException later(String why) {
    return ApiException.retryLater(
        ErrorCode.UNAVAILABLE, why + " Retry in " + RetryDelay.seconds(AGAIN) + " s.", AGAIN);
  }

  private ApiException refusal(Stop why) {
    return switch (why) {
      case CLIENT_LEFT -> later("The client has left.");
      case TOOK_TOO_LONG ->
          refusal(
              "This took more than %s here, and was ended."
                  .formatted(Durations.words(limits.longest())));
      case PROCESS_STOPS -> later("This process is being stopped.");
    };
  }

  /** Work of one request, which waits for it. */
  private final class Job<T extends @Nullable Object> implements Runnable {
    private final WorkOwner owner;
    private final Supplier<T> work;
    private final CountDownLatch over = new CountDownLatch(1);
    // The work of one profile goes on in the order in which it came.
    private final WorkProgress progress = WorkProgress.none();
    private long turnSince;
    private boolean hasTurn = true;

    /** Who is to be interrupted: who waits for the turn, then who does the work. */
    private @Nullable Thread thread = Thread.currentThread();

    private volatile @Nullable Stop stopped;
    private @Nullable Supplier<T> outcome;

    Job(WorkOwner owner, Supplier<T> work) {
      this.owner = owner;
      this.work = work;
    }

    T await(Duration patience, Duration longest) {
      awaitTurn(patience);
      try {
        threads.execute(this);
      } catch (RejectedExecutionException e) {
        stop(Stop.PROCESS_STOPS);
        run();
      } catch (Error e) {
        // The system has no thread left: what was taken for this work is given back.
        stop(Stop.PROCESS_STOPS);
        run();
        throw e;
      }
      try {
        if (!over.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
          stop(Stop.TOOK_TOO_LONG);
        }
      } catch (InterruptedException e) {
        stop(Stop.PROCESS_STOPS);
        Thread.currentThread().interrupt();
      }
      return outcome().get();
    }

    private void awaitTurn(Duration patience) {
      boolean isMine = false;
      boolean begins = false;
      try {
        isMine = turns.take(owner, progress, patience.toNanos());
        boolean goesOn = begins();
        begins = isMine && goesOn;
      } catch (InterruptedException e) {
        if (begins()) {
          // The thread itself is wanted elsewhere.
          stop(Stop.PROCESS_STOPS);
          Thread.currentThread().interrupt();
        }
      } finally {
        if (!begins) {
          if (isMine) {
            turns.give(owner);
          }
          leave(owner);
        }
      }
      if (!begins) {
        Stop why = whyStopped();
        throw why != null
            ? refusal(why)
            : refusal(
                "This was not begun within %s, since too much is under way here."
                    .formatted(Durations.words(patience)));
      }
    }

    /** Whether it was not stopped while it waited for its turn. */
    private synchronized boolean begins() {
      thread = null;
      if (stopped != null) {
        // It was for the wait.
        boolean _ = Thread.interrupted();
        return false;
      }
      return true;
    }

    @Override
    public void run() {
      WorkThread worker = Thread.currentThread() instanceof WorkThread mine ? mine : null;
      try {
        if (worker != null) {
          worker.job = this;
        }
        turnSince = System.nanoTime();
        Supplier<T> done = done();
        synchronized (this) {
          outcome = done;
        }
      } finally {
        if (worker != null) {
          worker.job = null;
        }
        synchronized (this) {
          thread = null;
          // It was for this work.
          boolean _ = Thread.interrupted();
        }
        if (hasTurn) {
          turns.give(owner);
        }
        leave(owner);
        over.countDown();
      }
    }

    /** Lets others go on after a while, and waits for the next turn. */
    void giveWay() {
      if (!hasTurn) {
        // It was interrupted while it waited, and has none to pass on.
        throw new WorkStoppedException();
      }
      long now = System.nanoTime();
      if (now - turnSince < SLICE) {
        return;
      }
      turnSince = now;
      if (turns.waiting() == 0) {
        return;
      }
      hasTurn = false;
      try {
        // It is stopped where this takes too long.
        hasTurn = turns.pass(owner, progress, Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // For the next check, where what the work calls takes the exception for a failure.
        Thread.currentThread().interrupt();
        throw new WorkStoppedException();
      }
      turnSince = System.nanoTime();
    }

    private Supplier<T> done() {
      synchronized (this) {
        if (stopped != null) {
          return () -> {
            throw refusal(Objects.requireNonNull(whyStopped()));
          };
        }
        thread = Thread.currentThread();
      }
      try {
        T result = work.get();
        return () -> result;
      } catch (WorkStoppedException e) {
        return () -> {
          throw refusal(Objects.requireNonNullElse(whyStopped(), Stop.PROCESS_STOPS));
        };
      } catch (RuntimeException e) {
        return () -> {
          throw e;
        };
      } catch (Error e) {
        // As where it had been done on the thread that waits.
        return () -> {
          throw e;
        };
      }
    }

    synchronized void stop(Stop why) {
      if (stopped == null) {
        stopped = why;
      }
      if (thread != null) {
        thread.interrupt();
      }
      // Work that does not look goes on, and is no longer waited for.
      over.countDown();
    }

    private @Nullable Stop whyStopped() {
      return stopped;
    }

    private synchronized Supplier<T> outcome() {
      Supplier<T> known = outcome;
      return known != null
          ? known
          : () -> {
            throw refusal(Objects.requireNonNullElse(whyStopped(), Stop.PROCESS_STOPS));
          };
    }
  }
}
