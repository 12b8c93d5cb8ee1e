package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.runs.queue.Claim;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunMetersTest {
  private static final Instant DUE = Instant.parse("2026-11-29T08:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RunMeters runs = new RunMeters(meters);

  @Test
  void theWaitForTheFirstAttemptIsMeasured() {
    runs.claimed(claim(DUE.plusSeconds(2)));

    Timer waits = meters.get("errand.run.start").timer();
    assertEquals(1, waits.count());
    assertEquals(2, waits.totalTime(TimeUnit.SECONDS));
  }

  // A run's time may come from another clock than the one that its claim is measured by.
  @Test
  void aRunThatStartsBeforeItIsDueHasNotWaited() {
    runs.claimed(claim(DUE.minus(Duration.ofMillis(3))));

    Timer waits = meters.get("errand.run.start").timer();
    assertEquals(1, waits.count());
    assertEquals(0, waits.totalTime(TimeUnit.SECONDS));
  }

  private static Claim claim(Instant startedAt) {
    return new Claim(
        1,
        1,
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "run",
        "task",
        "user/profile",
        "{}",
        "{}",
        0,
        1,
        "{}",
        DUE,
        startedAt,
        null);
  }
}
