package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.config.HeapShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private static final Duration GENEROUS = Duration.ofMinutes(1);

  private final ByteBudget budget = new ByteBudget(100);

  @Test
  @SuppressWarnings("try") // That it may be closed twice is what is tested.
  void aReservationIsReleasedOnce() {
    try (Reservation one = budget.reserve(60);
        Reservation other = budget.reserve(40)) {
      assertEquals(100, budget.used());
      one.shrink(10);
      other.grow(10);
      assertEquals(50, other.bytes());
      one.close();
      one.close();
      one.grow(70);
      assertEquals(50, budget.used());
    }
    assertEquals(0, budget.used());
    assertEquals(0, budget.refused());
  }

  @Test
  void refusesWhatIsNotFreeAndKeepsWhatIsReserved() {
    try (Reservation one = budget.reserve(60)) {
      BudgetExhaustedException refused =
          assertThrows(BudgetExhaustedException.class, () -> budget.reserve(41));
      assertTrue(refused.isPassing());
      assertFalse(one.tryGrow(41));
      assertThrows(BudgetExhaustedException.class, () -> one.grow(Long.MAX_VALUE));
      assertEquals(60, one.bytes());
      assertTrue(one.tryGrow(40));
    }
    assertEquals(2, budget.refused());
    assertFalse(
        assertThrows(BudgetExhaustedException.class, () -> budget.reserve(101, GENEROUS))
            .isPassing());
    assertThrows(IllegalArgumentException.class, () -> budget.reserve(-1));
    assertEquals(0, budget.used());
  }

  @Test
  void waitersAreServedInOrder() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Reservation all = budget.reserve(100);
      Future<Reservation> large = threads.submit(() -> budget.reserve(90, GENEROUS));
      awaitWaiting(1);
      Future<Reservation> small = threads.submit(() -> budget.reserve(20, GENEROUS));
      awaitWaiting(2);
      all.shrink(50);
      assertFalse(small.isDone(), "The large one came first");
      all.close();
      assertEquals(90, large.get().bytes());
      large.get().close();
      small.get().close();
    }
    assertEquals(0, budget.used());
  }

  @Test
  void aWaiterThatTimesOutIsRefusedAndDoesNotBlockOthers() throws Exception {
    try (Reservation all = budget.reserve(100)) {
      assertThrows(BudgetExhaustedException.class, () -> budget.reserve(1, Duration.ofMillis(1)));
      all.shrink(100);
      budget.reserve(100, GENEROUS).close();
    }
  }

  @Test
  @SuppressWarnings("try") // What is given back lets another go on.
  void whoHoldsMostGoesFirst() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Reservation large = budget.reserve(50);
        Reservation small = budget.reserve(30);
        Reservation other = budget.reserve(20)) {
      Future<?> less = threads.submit(() -> grow(small, 20));
      awaitWaiting(1);
      Future<?> more = threads.submit(() -> grow(large, 20));
      awaitWaiting(2);
      other.close();
      more.get();
      assertFalse(less.isDone(), "There are no more bytes");
      large.close();
      less.get();
      assertEquals(50, small.bytes());
    }
    assertEquals(0, budget.refused());
  }

  @Test
  @SuppressWarnings("try") // What is given back lets another go on.
  void whereAllWaitForEachOtherWhoHoldsLeastIsRefused() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Reservation small = budget.reserve(20);
        Reservation large = budget.reserve(50);
        Reservation other = budget.reserve(30)) {
      Future<?> less = threads.submit(() -> grow(small, 40));
      awaitWaiting(1);
      Future<?> more = threads.submit(() -> grow(large, 45));
      awaitWaiting(2);
      assertFalse(less.isDone(), "The other one may give back what it holds");
      other.close();
      ExecutionException refused = assertThrows(ExecutionException.class, less::get);
      assertTrue(assertInstanceOf(BudgetExhaustedException.class, refused.getCause()).isPassing());
      assertFalse(more.isDone());
      small.close();
      more.get();
      assertEquals(95, large.bytes());
    }
    assertEquals(1, budget.refused());
    assertEquals(0, budget.used());
  }

  private static @Nullable Void grow(Reservation reservation, long more)
      throws InterruptedException {
    reservation.grow(more, GENEROUS);
    return null;
  }

  @Test
  void neverGivesMoreThanThereIs() throws Exception {
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        all.add(
            threads.submit(
                () -> {
                  long bytes = ThreadLocalRandom.current().nextLong(1, 80);
                  try (Reservation mine = budget.reserve(bytes, GENEROUS)) {
                    most.accumulateAndGet(held.addAndGet(mine.bytes()), Math::max);
                    held.addAndGet(-bytes);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertTrue(most.get() <= 100, "at once: " + most);
    assertEquals(0, budget.used());
    assertEquals(0, budget.refused());
  }

  @Test
  void isSizedInBytesOrByTheHeap() {
    assertEquals(300, HeapShare.bytes("30%", 1000));
    assertEquals(2 << 20, HeapShare.bytes("2M", 1000));
    assertThrows(IllegalArgumentException.class, () -> HeapShare.bytes("0%", 1000));
    assertThrows(IllegalArgumentException.class, () -> HeapShare.bytes("100%", 1000));
    assertThrows(IllegalArgumentException.class, () -> HeapShare.bytes("0", 1000));
  }

  private void awaitWaiting(int wanted) throws InterruptedException {
    for (int i = 0; budget.waiting() < wanted; i++) {
      assertTrue(i < 6000, "Nobody waits");
      Thread.sleep(10);
    }
  }
}
