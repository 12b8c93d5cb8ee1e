package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Memory for what is read is shared by users, and a byte of text takes four of it. */
class ReadBudgetTest {
  private static final Duration GENEROUS = Duration.ofMinutes(1);

  @Test
  void aUserGetsHalfOfIt() {
    ReadBudget budget = new ReadBudget(800, Duration.ZERO);
    try (Held first = budget.open("ada");
        Held second = budget.open("ada");
        Held other = budget.open("bob")) {
      first.hold(60);
      second.hold(40);
      assertEquals(400, budget.used());
      ApiException refused = assertThrows(ApiException.class, () -> second.hold(1));
      assertEquals(ErrorCode.UNAVAILABLE, refused.code());
      assertTrue(refused.headers().containsKey("Retry-After"), "says when to try again");
      assertFalse(second.tryHold(1));
      other.hold(50);
      assertEquals(600, budget.used());
      first.keep(10);
      second.hold(50);
      assertEquals(1, budget.refused());
    }
    assertEquals(0, budget.used());
    assertEquals(0, budget.users(), "nothing is kept of who holds nothing");
  }

  @Test
  void whatIsLargerThanAllIsReadAlone() throws Exception {
    ReadBudget budget = new ReadBudget(800, GENEROUS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Held small = budget.open("bob")) {
      small.hold(1);
      Held large = budget.open("ada");
      Future<?> held = threads.submit(() -> large.hold(1_000_000));
      while (budget.waiting() == 0) {
        Thread.onSpinWait();
      }
      assertFalse(held.isDone(), "it waits for the small one");
      small.keep(0);
      held.get();
      assertEquals(600, budget.used());
      assertFalse(small.tryHold(1));
      large.close();
      large.close();
      small.hold(1);
    }
    assertEquals(0, budget.used());
  }

  @Test
  void aPageThatGrowsLeavesAQuarterToOthers() {
    ReadBudget budget = new ReadBudget(800, Duration.ZERO);
    try (Held ada = budget.open("ada");
        Held bob = budget.open("bob")) {
      ada.hold(100);
      assertTrue(bob.tryHold(50));
      assertFalse(bob.tryHold(1));
      assertEquals(600, budget.used());
    }
  }

  @Test
  void usersWhoHoldMuchLeaveAQuarterToThoseWhoHoldLittle() {
    ReadBudget budget = new ReadBudget(800, Duration.ZERO);
    try (Held ada = budget.open("ada");
        Held bob = budget.open("bob");
        Held eve = budget.open("eve");
        Held dan = budget.open("dan")) {
      ada.hold(1_000_000);
      assertThrows(ApiException.class, () -> bob.hold(26), "that is not little");
      bob.hold(25);
      assertThrows(ApiException.class, () -> bob.hold(1), "in all it is not");
      eve.hold(25);
      assertEquals(800, budget.used());
      eve.keep(0);
      dan.hold(25);
    }
    assertEquals(0, budget.used());
  }

  @Test
  void whoNeedsLittleDoesNotWaitBehindThoseWhoNeedMuch() throws Exception {
    ReadBudget budget = new ReadBudget(800, GENEROUS);
    Held ada = budget.open("ada");
    Held eve = budget.open("eve");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Held bob = budget.open("bob");
        Held dan = budget.open("dan");
        Held joe = budget.open("joe")) {
      ada.hold(1_000_000);
      Future<?> much = threads.submit(() -> bob.hold(50));
      while (budget.waiting() == 0) {
        Thread.onSpinWait();
      }
      eve.hold(25);
      dan.hold(25);
      Future<?> little = threads.submit(() -> joe.hold(10));
      while (budget.waiting() == 1) {
        Thread.onSpinWait();
      }
      eve.close();
      little.get();
      assertFalse(much.isDone());
      ada.close();
      much.get();
    }
    assertEquals(0, budget.used());
  }
}
