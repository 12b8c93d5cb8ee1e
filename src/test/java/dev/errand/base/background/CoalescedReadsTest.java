package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.support.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those that want the same while it is being read share the read after it. */
class CoalescedReadsTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CoalescedReads<String, Integer> reads = new CoalescedReads<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void readsOneAfterTheOtherAreAllDone() {
    assertEquals(1, reads.get("a", begun::incrementAndGet));
    assertEquals(2, reads.get("a", begun::incrementAndGet));
  }

  @Test
  void nobodyGetsWhatWasReadBeforeTheyAsked() throws Exception {
    Future<Integer> first = first("a");
    List<Future<Integer>> others = wanted("a", begun::incrementAndGet, 20);
    go.countDown();
    assertEquals(1, first.get());
    for (Future<Integer> other : others) {
      assertEquals(2, other.get());
    }
    assertEquals(2, begun.get());
    assertEquals(3, reads.get("a", begun::incrementAndGet));
  }

  @Test
  void anotherKeyWaitsForNothing() throws Exception {
    Future<Integer> first = first("a");
    assertEquals(2, reads.get("b", begun::incrementAndGet));
    go.countDown();
    assertEquals(1, first.get());
  }

  @Test
  void afterAFailureEachReadsOnItsOwn() throws Exception {
    Future<Integer> first = first("a");
    List<Future<Integer>> others =
        wanted(
            "a",
            () -> {
              throw new IllegalStateException("read " + begun.incrementAndGet());
            },
            20);
    go.countDown();
    assertEquals(1, first.get());
    List<String> failures = new ArrayList<>();
    for (Future<Integer> other : others) {
      failures.add(assertThrows(ExecutionException.class, other::get).toString());
    }
    assertEquals(21, begun.get());
    assertEquals(20, failures.stream().distinct().count());
    assertEquals(22, reads.get("a", begun::incrementAndGet));
  }

  /** Begins a read that ends when the others may go on. */
  private Future<Integer> first(String key) {
    Future<Integer> first =
        threads.submit(
            () ->
                reads.get(
                    key,
                    () -> {
                      int number = begun.incrementAndGet();
                      try {
                        go.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return number;
                    }));
    Eventually.await("the first", () -> begun.get() == 1);
    return first;
  }

  /** So many who want the same, all of them waiting. */
  private List<Future<Integer>> wanted(String key, Supplier<Integer> read, int most) {
    List<Future<Integer>> all =
        Stream.generate(() -> threads.submit(() -> reads.get(key, read))).limit(most).toList();
    Eventually.await("the others", () -> reads.joined(key) == most - 1);
    return all;
  }
}
