package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import dev.errand.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswerBudgetTest {
  private static final int MEBIBYTE = 1024 * 1024;

  private final ByteBudget budget = new ByteBudget(60 * MEBIBYTE);
  private final AnswerMemory memory = new AnswerMemory(budget);

  @Test
  void theSizeOfAnAnswerIsLimited() throws Exception {
    try (AnswerBudget room = room()) {
      room.holdText(8 * MEBIBYTE - 1, 0);

      assertThrows(ModelAnswerTooLargeException.class, () -> room.holdText(8 * MEBIBYTE + 1, 0));
      assertThrows(ModelAnswerTooLargeException.class, () -> room.holdText(10, 33 * MEBIBYTE));
    }
    assertEquals(0, budget.used());
  }

  @Test
  @SuppressWarnings("try") // What it gives back when it is closed is what is tested.
  void largeAnswersLeaveRoomForSmallOnes() throws Exception {
    try (AnswerBudget one = room();
        AnswerBudget other = room();
        AnswerBudget small = room()) {
      one.holdText(6 * MEBIBYTE, 0);
      BudgetExhaustedException full =
          assertThrows(BudgetExhaustedException.class, () -> other.holdText(6 * MEBIBYTE, 0));
      assertTrue(full.isPassing());
      small.holdText(100_000, 200_000);
      one.close();
      other.holdText(6 * MEBIBYTE, 0);
    }
    assertEquals(0, budget.used());
  }

  @Test
  void anAnswerThatTakesMoreThanThereIsNeverFits() {
    AnswerMemory little = new AnswerMemory(new ByteBudget(MEBIBYTE));
    try (AnswerBudget room = little.open("host", 8 * MEBIBYTE, System.nanoTime())) {
      BudgetExhaustedException full =
          assertThrows(BudgetExhaustedException.class, () -> room.holdText(MEBIBYTE, 0));

      assertFalse(full.isPassing());
    }
  }

  @Test
  void largeAnswersAtOnceAreReadInTurns() throws Exception {
    int answers = 4;
    AtomicInteger begun = new AtomicInteger();
    try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < answers; i++) {
        all.add(
            runs.submit(
                () -> {
                  try (AnswerBudget room = patientRoom()) {
                    room.holdText(MEBIBYTE, 2 * MEBIBYTE);
                    begun.incrementAndGet();
                    // Each of them has a part of its answer.
                    Eventually.await(
                        "all have come", () -> begun.get() + memory.waiting() >= answers);
                    for (int size = 2; size < 8; size++) {
                      room.holdText((long) size * MEBIBYTE, 2L * size * MEBIBYTE);
                    }
                    return true;
                  }
                }));
      }
      for (Future<Boolean> each : all) {
        assertTrue(each.get());
      }
    }
    assertEquals(0, budget.used());
    assertEquals(0, memory.waiting());
  }

  @Test
  void whatIsHandedOnIsWhatAnAnswerTakes() throws Exception {
    Reservation kept;
    try (AnswerBudget room = room()) {
      room.holdText(MEBIBYTE, 2 * MEBIBYTE);
      kept = room.handOn();
    }
    assertEquals(6 * MEBIBYTE, budget.used());
    try (AnswerBudget next = room()) {
      next.holdText(7 * MEBIBYTE, 0);
    }
    kept.close();
    assertEquals(0, budget.used());
  }

  private AnswerBudget patientRoom() {
    return memory.open("host", 8 * MEBIBYTE, System.nanoTime() + Duration.ofMinutes(2).toNanos());
  }

  // For an answer that nobody waits for any more.
  private AnswerBudget room() {
    return memory.open("host", 8 * MEBIBYTE, System.nanoTime());
  }
}
