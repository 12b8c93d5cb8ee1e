package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.record.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActiveClaimTest {
  private final ActiveClaim holding =
      new ActiveClaim(
          new Claim(
              1,
              1,
              UUID.randomUUID(),
              UUID.randomUUID(),
              "r",
              "t",
              "u/p",
              "{}",
              "{}",
              1,
              "{}",
              Instant.EPOCH,
              null),
          Lease.of(Duration.ofMinutes(5)),
          WorkBudget.ENDLESS);

  @AfterEach
  void forget() {
    boolean _ = Thread.interrupted();
  }

  @Test
  void workOnWhatIsLostIsStopped() {
    assertTrue(holding.begin());
    holding.lose();
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatIsLostBeforeItIsBegunIsNotBegun() {
    holding.lose();
    assertFalse(holding.begin());
  }

  // The check finds that the claim is lost before the thread that ended the run hears of it.
  @Test
  void whoeverWritesDownTheEndIsLeftAlone() {
    assertTrue(holding.begin());
    holding.ends();
    holding.lose();
    assertFalse(Thread.interrupted());
  }

  @Test
  void aProcessThatStopsStopsThatToo() {
    assertTrue(holding.begin());
    holding.ends();
    holding.stop();
    assertTrue(Thread.interrupted());
  }
}
