package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that are wanted while another one is under way are done together. */
class SharedReadsTest {
  private static final int MOST = 32;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<List<Integer>> statements = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final SharedReads<Integer, String> reads =
      new SharedReads<>("reads", 1, MOST, Duration.ofMillis(10), this::read);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aSingleReadIsNotBatched() throws InterruptedException {
    first.countDown();
    assertEquals("1", reads.get(1));
    assertEquals("2", reads.get(2));
    assertEquals(List.of(List.of(1), List.of(2)), statements);
  }

  @Test
  void thoseThatAreWantedDuringAReadShareTheNextStatements() throws Exception {
    List<Future<String>> answers = wantedDuringTheFirst(100);
    first.countDown();
    for (int i = 0; i <= 100; i++) {
      assertEquals(Integer.toString(i), answers.get(i).get());
    }
    assertEquals(List.of(1, MOST, MOST, MOST, 4), statements.stream().map(List::size).toList());
  }

  @Test
  void aFailureReachesAllThatShareItAndTheNextReadIsDone() throws Exception {
    List<Future<String>> answers = wantedDuringTheFirst(MOST - 1);
    answers.add(threads.submit(() -> reads.get(-1)));
    Eventually.await("all", () -> reads.waiting() == MOST);
    first.countDown();
    assertEquals("0", answers.getFirst().get());
    for (Future<String> answer : answers.subList(1, MOST + 1)) {
      ExecutionException failed = assertThrows(ExecutionException.class, answer::get);
      assertTrue(String.valueOf(failed.getMessage()).endsWith("negative"));
    }
    assertEquals("7", reads.get(7));
  }

  /** Wants one, and while that is read, so many more. */
  private List<Future<String>> wantedDuringTheFirst(int more) {
    List<Future<String>> answers = new ArrayList<>();
    answers.add(threads.submit(() -> reads.get(0)));
    Eventually.await("the first", () -> statements.size() == 1);
    IntStream.rangeClosed(1, more)
        .forEach(number -> answers.add(threads.submit(() -> reads.get(number))));
    Eventually.await("the others", () -> reads.waiting() == more);
    return answers;
  }

  private List<String> read(List<Integer> wanted) {
    statements.add(wanted);
    try {
      first.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (wanted.contains(-1)) {
      throw new IllegalStateException("negative");
    }
    return wanted.stream().map(number -> Integer.toString(number)).toList();
  }
}
