package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PeriodicJobsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Inject Scheduler scheduler;

  private final AtomicLong later = new AtomicLong();
  private PeriodicJobs jobs;

  @BeforeEach
  void begin() {
    jobs =
        new PeriodicJobs(scheduler, WorkMode.LOOP) {
          @Override
          long nanoTime() {
            return System.nanoTime() + later.get();
          }
        };
  }

  @AfterEach
  void end() throws InterruptedException {
    jobs.stop(new ShutdownEvent());
  }

  @Test
  void aJobThatFailsIsDoneAgain() throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch goesOn = new CountDownLatch(1);
    jobs.every(
        "failing",
        Duration.ofMillis(1),
        () -> {
          switch (begun.incrementAndGet()) {
            case 1 -> throw new StackOverflowError("as deep as it goes");
            case 2 -> throw new IllegalStateException("as bad as it gets");
            case 3 -> throw new InterruptedException();
            default -> goesOn.countDown();
          }
        });
    assertTrue(goesOn.await(1, TimeUnit.MINUTES), "It does not go on");
    assertEquals(List.of(), jobs.overdue());
  }

  @Test
  void aProcessThatWorksOnRequestLeavesTheJobsOfTheLoop() {
    new PeriodicJobs(scheduler, WorkMode.REQUEST).inLoop("looping", SECOND, () -> {});
    assertNull(scheduler.getScheduledJob("looping"));
    jobs.inLoop("looping", SECOND, () -> {});
    assertNotNull(scheduler.getScheduledJob("looping"));
  }

  @Test
  void aJobDoesNotOverlapItself() throws InterruptedException {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch often = new CountDownLatch(2);
    // The other one counts the seconds in which the slow one might begin again.
    CountDownLatch looks = new CountDownLatch(3);
    jobs.every("looks", SECOND, looks::countDown);
    jobs.every(
        "slow",
        SECOND,
        () -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          looks.await();
          atOnce.decrementAndGet();
          often.countDown();
        });
    assertTrue(often.await(1, TimeUnit.MINUTES), "It does not go on");
    assertEquals(1, most.get());
  }

  @Test
  void theStopInterruptsAJobAndWaitsForItsEnd() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    jobs.every(
        "waiting",
        SECOND,
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
          }
        });
    assertTrue(begun.await(1, TimeUnit.MINUTES), "It does not begin");
    jobs.stop(new ShutdownEvent());
    assertEquals(1, interrupted.get());
    assertNull(scheduler.getScheduledJob("waiting"));
    assertEquals(List.of(), jobs.overdue(), "It was stopped");
  }

  @Test
  void aJobThatDoesNotComeBackIsOverdue() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    jobs.every(
        "hanging",
        SECOND,
        () -> {
          begun.countDown();
          new CountDownLatch(1).await();
        });
    assertTrue(begun.await(1, TimeUnit.MINUTES), "It does not begin");
    later.addAndGet(Duration.ofMinutes(10).toNanos());
    assertEquals(List.of(), jobs.overdue(), "It may take as long");
    later.addAndGet(Duration.ofMinutes(10).toNanos());
    assertEquals(List.of("hanging"), jobs.overdue());
  }

  @Test
  void aJobWhoseTimerStandsStillGetsAnother() {
    AtomicInteger done = new AtomicInteger();
    jobs.every("going", SECOND, done::incrementAndGet);
    Eventually.await("its begin", () -> done.get() > 0);
    scheduler.pause("going");
    int before = done.get() + 1;
    later.addAndGet(Duration.ofMinutes(1).toNanos());
    Eventually.await("another begin", () -> done.get() > before);
  }

  @Test
  void aJobThatIsNotBegunIsOverdue() {
    jobs.every("forgotten", Duration.ofMinutes(2), () -> {});
    later.addAndGet(Duration.ofMinutes(4).toNanos());
    assertEquals(List.of(), jobs.overdue());
    later.addAndGet(Duration.ofMinutes(4).toNanos());
    assertEquals(List.of("forgotten"), jobs.overdue());
  }

  @Test
  void aJobThatComesBackIsNotOverdue() {
    AtomicInteger done = new AtomicInteger();
    jobs.every("going", SECOND, done::incrementAndGet);
    later.addAndGet(Duration.ofHours(1).toNanos());
    Eventually.await("a look", () -> done.get() > 0 && jobs.overdue().isEmpty());
  }
}
