package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackgroundThreadsTest {
  private final BackgroundThreads threads = new BackgroundThreads();

  @Test
  void aLoopContinuesAfterAnError() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch goesOn = new CountDownLatch(2);
    Thread loop =
        threads.start(
            "failing",
            Duration.ZERO,
            () -> {
              switch (begun.incrementAndGet()) {
                case 1 -> throw new StackOverflowError("as deep as it goes");
                case 2 -> throw new IllegalStateException("as bad as it gets");
                default -> goesOn.countDown();
              }
            });
    assertTrue(goesOn.await(1, TimeUnit.MINUTES), "It does not go on");
    assertEquals(List.of(), threads.ended());
    threads.stop(List.of(loop));
    assertEquals(List.of(), threads.ended(), "It was stopped");
  }

  @Test
  void aLoopThatEndsIsReported() {
    Thread loop = threads.start("ending", Duration.ZERO, () -> Thread.currentThread().interrupt());
    Eventually.await("its end", () -> !loop.isAlive());
    assertEquals(List.of("ending"), threads.ended());
  }
}
