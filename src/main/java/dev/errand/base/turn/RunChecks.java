package dev.errand.base.turn;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.ClientPresence;
import dev.errand.base.limit.ElapsedClock;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks of runs, and of tools in chats: of answers, calls and schemas. Most take microseconds and
 * are done at once; long ones are done by a few threads, in turns by user and then by profile,
 * since runs are on virtual threads, which all requests share. Nothing is refused: a check waits
 * for its turn within its time.
 */
@Singleton
public class RunChecks {
  private static final int SHORT_STEPS = 2000;
  private static final int LEAST_THREADS = 2;

  private final FairPool pool;

  public RunChecks() {
    // Not static: a native executable would have the number of the machine that built it.
    int threads = Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors() - 1);
    Duration ofRun = Duration.ofDays(1);
    this.pool =
        new FairPool(
            "run",
            new FairPool.Limits(threads, Integer.MAX_VALUE, ofRun, ofRun),
            _ -> ClientPresence.Watch.NONE);
  }

  /**
   * Does a check, which is begun again where it turns out to take long.
   *
   * @param until when its time is up, by {@link ElapsedClock}
   * @throws TimeoutException when it is
   */
  public <T extends @Nullable Object> T call(WorkOwner owner, Instant until, Supplier<T> check)
      throws InterruptedException, TimeoutException {
    try {
      return ShortWork.call(SHORT_STEPS, check);
    } catch (WorkStoppedException e) {
      return inTurn(owner, until, check);
    }
  }

  private <T extends @Nullable Object> T inTurn(WorkOwner owner, Instant until, Supplier<T> check)
      throws InterruptedException, TimeoutException {
    Duration left = Duration.between(ElapsedClock.now(), until);
    if (!left.isPositive()) {
      throw new TimeoutException();
    }
    Supplier<T> done;
    try {
      done = pool.call(owner, left, left, () -> outcome(check));
    } catch (ApiException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!ElapsedClock.now().isBefore(until)) {
        throw new TimeoutException();
      }
      // The process stops; this run ends before.
      done = check;
    }
    return done.get();
  }

  // What the check itself throws is no refusal of the pool.
  private static <T extends @Nullable Object> Supplier<T> outcome(Supplier<T> check) {
    try {
      T result = check.get();
      return () -> result;
    } catch (ApiException e) {
      return () -> {
        throw e;
      };
    }
  }

  /** What does the long ones. */
  public FairPool pool() {
    return pool;
  }

  void stop(@Observes ShutdownEvent event) {
    pool.close();
  }
}
