package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ActiveClaimTest {
  private static final Claim CLAIM =
      new Claim(
          1,
          1,
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          "r",
          "t",
          "u/p",
          "{}",
          "{}",
          0,
          1,
          "{}",
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH,
          0,
          false,
          null,
          false);

  private final ActiveClaim holding =
      new ActiveClaim(
          CLAIM,
          Lease.of(Duration.ofMinutes(5)),
          HeldRun.place(CLAIM),
          () -> {},
          WorkBudget.ENDLESS);

  private boolean worked;

  @Test
  void workOnWhatIsLostIsStopped() {
    holding.work(
        () -> {
          holding.lose();
          worked = Thread.interrupted();
        });
    assertTrue(worked);
  }

  @Test
  void aClaimLostBeforeItsBeginningIsNotBegun() {
    holding.lose();
    holding.work(() -> worked = true);
    assertFalse(worked);
    assertFalse(Thread.interrupted());
  }

  // The check finds that the claim is lost before the thread that ended the run hears of it.
  @Test
  void aProcessThatWritesTheEndIsNotInterrupted() {
    holding.work(
        () -> {
          holding.ends();
          holding.lose();
          worked = Thread.interrupted();
        });
    assertFalse(worked);
  }

  @Test
  void aProcessThatStopsStopsThatToo() {
    holding.work(
        () -> {
          holding.ends();
          holding.stop();
          worked = Thread.interrupted();
        });
    assertTrue(worked);
  }
}
