package dev.errand.base.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueBatchesTest {
  private static final int SIZE = 10;

  private final List<Integer> due = new ArrayList<>(IntStream.range(0, 25).boxed().toList());
  private final List<Integer> done = new ArrayList<>();
  private final List<Integer> failed = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();
  private String state = "23505";
  private int bad = -1;

  private final DueBatches<Integer> batches =
      new DueBatches<>(
          "numbers",
          SIZE,
          this::transaction,
          (number, why) -> {
            failed.add(number);
            due.removeIf(number::equals);
          });

  private void transaction(int most, List<Integer> taken) {
    taken.addAll(due.subList(0, Math.min(most, due.size())));
    sizes.add(taken.size());
    if (taken.contains(bad)) {
      throw new IllegalStateException(new SQLException("It fails.", state));
    }
    done.addAll(taken);
    due.removeAll(taken);
  }

  private static long later() {
    return System.nanoTime() + 3_600_000_000_000L;
  }

  @Test
  void batchesGoOnUntilOneIsNotFull() {
    assertEquals(25, batches.work(later()));
    assertEquals(List.of(10, 10, 5), sizes);
    assertEquals(25, done.size());
  }

  @Test
  void theRowsOfABatchThatFailsAreWorkedOnAlone() {
    bad = 13;
    assertEquals(25, batches.work(later()));
    assertEquals(List.of(13), failed);
    assertEquals(24, done.size());
    assertFalse(done.contains(13));
    assertTrue(due.isEmpty());
  }

  @Test
  void aRowThatTakesTooLongKeepsNoOtherBack() {
    bad = 0;
    state = "57014";
    assertEquals(25, batches.work(later()));
    assertEquals(List.of(0), failed);
    assertEquals(24, done.size());
  }

  @Test
  void nothingIsTriedAloneInAnOutage() {
    bad = 13;
    state = "08006";
    assertThrows(IllegalStateException.class, () -> batches.work(later()));
    assertEquals(List.of(10, 10), sizes);
    assertEquals(List.of(), failed);
  }

  @Test
  void oneRowIsWorkedOnWhereTheTimeIsUpWhenTheBatchFails() {
    bad = 0;
    assertEquals(1, batches.some(SIZE, System.nanoTime() - 1));
    assertEquals(List.of(0), failed);
    assertEquals(List.of(), done);
  }

  @Test
  void noBatchBeginsAfterTheEnd() {
    assertEquals(0, batches.work(System.nanoTime() - 1));
    assertEquals(List.of(), sizes);
  }

  @Test
  void anInterruptEndsTheWork() {
    Thread.currentThread().interrupt();
    try {
      assertEquals(0, batches.work(later()));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(List.of(), sizes);
  }

  @Test
  void whoeverIsToldOfAFailureMayEndTheWork() {
    bad = 13;
    DueBatches<Integer> ordered =
        new DueBatches<>(
            "numbers",
            SIZE,
            this::transaction,
            (_, why) -> {
              throw why;
            });
    assertThrows(IllegalStateException.class, () -> ordered.work(later()));
    assertEquals(13, done.size());
  }
}
