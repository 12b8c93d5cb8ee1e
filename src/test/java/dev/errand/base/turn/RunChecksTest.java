package dev.errand.base.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import dev.errand.base.limit.ElapsedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunChecksTest {
  private static final WorkOwner ANN = WorkOwner.user("ann");
  private static final Instant LONG = ElapsedClock.now().plus(Duration.ofMinutes(5));
  private static final String POOL = "errand-run";

  private final RunChecks checks = new RunChecks();

  @AfterEach
  void stop() {
    checks.pool().close();
  }

  /** The name of the thread that does a check of that many steps. */
  private String threadOf(long steps) throws InterruptedException, TimeoutException {
    return checks.call(
        ANN,
        LONG,
        () -> {
          FairPool.check(steps);
          return Thread.currentThread().getName();
        });
  }

  @Test
  void shortChecksAreDoneAtOnceAndLongOnesByOtherThreads() throws Exception {
    assertSame(Thread.currentThread(), checks.call(ANN, LONG, Thread::currentThread));
    assertEquals(Thread.currentThread().getName(), threadOf(1000));
    assertEquals(POOL, threadOf(1_000_000));
    // What was short before does not count.
    FairPool.check(1_000_000);
  }

  @Test
  void noCheckIsRefusedForLackOfRoom() throws Exception {
    try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all =
          Stream.generate(() -> runs.submit(() -> threadOf(1_000_000))).limit(200).toList();
      for (Future<String> each : all) {
        assertEquals(POOL, each.get());
      }
    }
    assertEquals(0, checks.pool().used());
  }

  @Test
  void whatALongCheckThrowsIsThrown() {
    ApiException thrown = ApiException.invalid("a", "is wrong");
    assertSame(
        thrown,
        assertThrows(
            ApiException.class,
            () ->
                checks.call(
                    ANN,
                    LONG,
                    () -> {
                      FairPool.check(1_000_000);
                      throw thrown;
                    })));
  }

  @Test
  void aCheckEndsWithTheTimeOfItsRun() {
    assertThrows(
        TimeoutException.class,
        () ->
            checks.call(
                ANN,
                ElapsedClock.now().plusMillis(1),
                () -> {
                  while (true) {
                    FairPool.check(1);
                  }
                }));
  }

  @Test
  void aCheckIsDoneAlsoWhileTheProcessStops() throws Exception {
    checks.pool().close();
    assertEquals(Thread.currentThread().getName(), threadOf(1_000_000));
  }
}
