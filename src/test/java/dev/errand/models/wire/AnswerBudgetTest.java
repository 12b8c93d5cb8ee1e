package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import org.junit.jupiter.api.Test;

class AnswerBudgetTest {
  private static final int MEBIBYTE = 1024 * 1024;

  private final ByteBudget budget = new ByteBudget(60 * MEBIBYTE);

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
    ByteBudget little = new ByteBudget(MEBIBYTE);
    try (AnswerBudget room = new AnswerBudget(little, "host", 8 * MEBIBYTE, System.nanoTime())) {
      BudgetExhaustedException full =
          assertThrows(BudgetExhaustedException.class, () -> room.holdText(MEBIBYTE, 0));

      assertFalse(full.isPassing());
    }
  }

  // For an answer that nobody waits for any more.
  private AnswerBudget room() {
    return new AnswerBudget(budget, "host", 8 * MEBIBYTE, System.nanoTime());
  }
}
