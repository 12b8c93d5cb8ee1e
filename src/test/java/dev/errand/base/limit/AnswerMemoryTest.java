package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
  private static final long MEBIBYTE = 1024 * 1024;

  private final ByteBudget budget = new ByteBudget(40 * MEBIBYTE);

  @Test
  void largeAnswersLeaveRoomForSmallOnesAndThoseForRequests() throws Exception {
    try (AnswerMemory large = new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER);
        AnswerMemory other = new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER);
        AnswerMemory small = new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER)) {
      hold(large, 0, 4 * MEBIBYTE, 0);
      BudgetExhaustedException full =
          assertThrows(
              BudgetExhaustedException.class, () -> hold(other, 0, MEBIBYTE, 2 * MEBIBYTE));
      assertTrue(full.isPassing());
      hold(small, 0, 1000, 2000);
      assertEquals(16 * MEBIBYTE + 6000, budget.used());
      budget.reserve(20 * MEBIBYTE).close();
    }
    assertEquals(0, budget.used());
  }

  @Test
  void anAnswerThatTakesMoreThanThereIsNeverFits() {
    try (AnswerMemory memory = new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER)) {
      BudgetExhaustedException full =
          assertThrows(
              BudgetExhaustedException.class, () -> hold(memory, 0, MEBIBYTE, 30 * MEBIBYTE));
      assertFalse(full.isPassing());
    }
  }

  @Test
  void whatWasReadBeforeStaysHeldAndTheRestGoesWithTheEvent() throws Exception {
    try (AnswerMemory memory = new AnswerMemory(budget, AnswerMemory.Peer.REMOTE_SERVER)) {
      hold(memory, 0, 100, 1000);
      assertEquals(1400, memory.bytes());
      hold(memory, 1400, 1000, 0);
      assertEquals(5400, memory.bytes());
      hold(memory, 1400, 0, 0);
      assertEquals(1400, memory.bytes());
      memory.release();
      assertEquals(0, budget.used());
    }
  }

  // For an answer that nobody waits for any more.
  private static void hold(AnswerMemory memory, long before, long read, long weight)
      throws InterruptedException {
    memory.hold(before, read, weight, Duration.ZERO);
  }
}
