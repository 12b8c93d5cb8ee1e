package dev.errand.identity.signin;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.identity.account.PasswordHash;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PasswordHash} on threads of its own, half as many as there are cores, since each hash
 * keeps a core busy for a good part of a second. Few wait for a thread, and more are refused at
 * once, so that sign-ins leave time for all other requests. People at places where they are signed
 * in are served before others, and have waiting places of their own.
 */
@ApplicationScoped
public class PasswordHasher {
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int PLACES_PER_CORE = 8;

  // Not static: a native executable would have the number of the machine that built it.
  private final int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          cores, Thread.ofPlatform().daemon().name("password-hash-", 0).factory());
  private final Deque<Job<?>> known = new ArrayDeque<>();
  private final Deque<Job<?>> strangers = new ArrayDeque<>();

  private static final class Job<T extends @Nullable Object> extends FutureTask<T> {
    private final String network;

    Job(Supplier<T> work, String network) {
      super(work::get);
      this.network = network;
    }
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  /**
   * Computes hashes, and waits for them.
   *
   * @param isKnown whether the user is signed in there
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where too many wait, with the time to wait
   */
  public <T extends @Nullable Object> T run(Supplier<T> work, String network, boolean isKnown) {
    Job<T> job = new Job<>(work, network);
    enter(job, isKnown ? known : strangers);
    threads.execute(this::runNext);
    try {
      return job.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw busy();
    } catch (InterruptedException e) {
      job.cancel(false);
      Thread.currentThread().interrupt();
      throw busy();
    }
  }

  /** How many hashes are computed at once. */
  int cores() {
    return cores;
  }

  /** How many may wait for a thread, known people and strangers each. */
  int places() {
    return PLACES_PER_CORE * cores;
  }

  /** How many of them may come from one network. */
  int placesOfNetwork() {
    return places() / 2;
  }

  /** How many people wait who are known. */
  synchronized int knownWaiting() {
    return known.size();
  }

  /** How many others wait. */
  synchronized int strangersWaiting() {
    return strangers.size();
  }

  private synchronized void enter(Job<?> job, Deque<Job<?>> lane) {
    long ofNetwork = lane.stream().filter(other -> other.network.equals(job.network)).count();
    if (lane.size() >= places() || ofNetwork >= placesOfNetwork()) {
      throw busy();
    }
    lane.add(job);
  }

  private void runNext() {
    Job<?> next = next();
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Job<?> next() {
    Job<?> first = known.poll();
    return first == null ? strangers.poll() : first;
  }

  static ApiException busy() {
    return ApiException.retryLater(
        ErrorCode.UNAVAILABLE,
        "Too many passwords are being checked at the moment. Retry in %d s."
            .formatted(RetryDelay.seconds(AGAIN)),
        AGAIN);
  }
}
