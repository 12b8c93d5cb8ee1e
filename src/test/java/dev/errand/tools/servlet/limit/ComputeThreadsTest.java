package dev.errand.tools.servlet.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComputeThreadsTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final FairSemaphore cores = new FairSemaphore(2, Duration.ofMillis(1));
  private final ComputeThreads threads = new ComputeThreads(0);

  private Computation computation(BooleanSupplier task) {
    var core = new ComputePermit(cores, WorkOwner.NOBODY, Duration.ofSeconds(30));
    return new Computation("servlet-test", core, task);
  }

  /** The thread on which a task was executed that returns whether that may be used again. */
  private Thread threadOf(BooleanSupplier task) throws InterruptedException {
    var thread = new AtomicReference<Thread>();
    var computation =
        computation(
            () -> {
              thread.set(Thread.currentThread());
              return task.getAsBoolean();
            });
    threads.start(computation);
    assertTrue(computation.endsWithin(PATIENCE));
    return thread.get();
  }

  private void awaitIdle(int count) {
    while (threads.waiting() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aThreadIsUsedAgainUnderTheNameOfItsComputation() throws InterruptedException {
    var first = threadOf(() -> Thread.currentThread().getName().equals("servlet-test"));
    awaitIdle(1);
    assertFalse(first.getName().startsWith("servlet-"));
    assertSame(first, threadOf(() -> true));
    awaitIdle(1);
  }

  @Test
  void aThreadIsNotUsedAgainAfterATaskThatForbidsIt() throws InterruptedException {
    var first = threadOf(() -> false);
    first.join();
    assertEquals(0, threads.waiting());
    assertNotSame(first, threadOf(() -> true));
  }

  @Test
  void aThreadIsNotUsedAgainAfterATaskThatThrew() throws InterruptedException {
    var first =
        threadOf(
            () -> {
              Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
              throw new IllegalStateException("for the test");
            });
    first.join();
    assertEquals(0, threads.waiting());
  }

  @Test
  void aThreadIsNotUsedAgainAfterItWasInterrupted() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var seen = new AtomicReference<Thread>();
    var computation =
        computation(
            () -> {
              begun.countDown();
              while (!ComputeThread.isStopped()) {
                Thread.onSpinWait();
              }
              seen.set(Thread.currentThread());
              return true;
            });
    threads.start(computation);
    begun.await();
    computation.interrupt();
    assertTrue(computation.endsWithin(PATIENCE));
    seen.get().join();
    assertEquals(0, threads.waiting());
  }

  @Test
  void aComputationThatIsInterruptedBeforeItBeginsSeesIt() throws InterruptedException {
    var stopped = new AtomicReference<Boolean>();
    var computation =
        computation(
            () -> {
              stopped.set(ComputeThread.isStopped());
              return true;
            });
    computation.interrupt();
    threads.start(computation);
    assertTrue(computation.endsWithin(PATIENCE));
    assertTrue(stopped.get());
  }

  @Test
  void whatComesAfterTheEndDoesNotReachTheNextComputationOfTheThread() throws InterruptedException {
    var first = computation(() -> true);
    threads.start(first);
    assertTrue(first.endsWithin(PATIENCE));
    awaitIdle(1);
    var begun = new CountDownLatch(1);
    var late = new CountDownLatch(1);
    var stopped = new AtomicReference<Boolean>();
    var second =
        computation(
            () -> {
              begun.countDown();
              try {
                late.await();
              } catch (InterruptedException e) {
                return false;
              }
              stopped.set(ComputeThread.isStopped());
              return true;
            });
    threads.start(second);
    begun.await();
    first.interrupt();
    first.share();
    late.countDown();
    assertTrue(second.endsWithin(PATIENCE));
    assertEquals(false, stopped.get());
    awaitIdle(1);
  }
}
