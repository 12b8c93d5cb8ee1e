package dev.errand.base.turn;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.ClientPresence;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks of runs: of answers and of tool calls. Most take microseconds and are done at once; long
 * ones are done by a few threads, in turns by user and then by profile, since runs are on virtual
 * threads, which all requests share. Nothing is refused: a run waits for its turn within its time.
 */
@Singleton
public class RunChecks {
  private static final int SHORT_STEPS = 20_000;
  private static final int LEAST_THREADS = 2;

  private final FairPool pool;

  RunChecks() {
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
   * @param left how much time the run has
   * @throws TimeoutException when that is up
   */
  public <T extends @Nullable Object> T call(WorkOwner owner, Duration left, Supplier<T> check)
      throws InterruptedException, TimeoutException {
    try {
      return ShortWork.call(SHORT_STEPS, check);
    } catch (WorkStoppedException e) {
      return inTurn(owner, left, check);
    }
  }

  private <T extends @Nullable Object> T inTurn(WorkOwner owner, Duration left, Supplier<T> check)
      throws InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    try {
      return pool.call(owner, left, left, check);
    } catch (ApiException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() - begun >= left.toNanos()) {
        throw new TimeoutException();
      }
      // The process stops; this run ends before.
      return check.get();
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
