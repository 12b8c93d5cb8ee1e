package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();

  @Test
  void aSingleItemIsItsOwnBatch() throws InterruptedException {
    Batcher<Integer> batcher = new Batcher<>("test", 1, 10, batches::add);
    batcher.add(1);
    assertEquals(List.of(1), batches.poll(1, TimeUnit.MINUTES));
    batcher.add(2);
    assertEquals(List.of(2), batches.poll(1, TimeUnit.MINUTES));
  }

  @Test
  void itemsAddedDuringABatchFormTheNextOnes() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    Batcher<Integer> batcher =
        new Batcher<>(
            "test",
            1,
            3,
            batch -> {
              batches.add(batch);
              await(goOn);
            });
    batcher.add(0);
    assertEquals(List.of(0), batches.poll(1, TimeUnit.MINUTES));
    for (int i = 1; i <= 5; i++) {
      batcher.add(i);
    }
    goOn.countDown();
    assertEquals(List.of(1, 2, 3), batches.poll(1, TimeUnit.MINUTES));
    assertEquals(List.of(4, 5), batches.poll(1, TimeUnit.MINUTES));
  }

  @Test
  void aBatchHasTheLoaderOfWhoAddsButNotWhatItIsAbout() throws InterruptedException {
    InheritableThreadLocal<String> about = new InheritableThreadLocal<>();
    about.set("a run");
    List<Object> seen = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    Batcher<Integer> batcher =
        new Batcher<>(
            "test",
            1,
            1,
            batch -> {
              seen.add(about.get());
              seen.add(Thread.currentThread().getContextClassLoader());
              done.countDown();
            });
    batcher.add(1);
    done.await();
    assertNull(seen.get(0));
    assertSame(Thread.currentThread().getContextClassLoader(), seen.get(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
