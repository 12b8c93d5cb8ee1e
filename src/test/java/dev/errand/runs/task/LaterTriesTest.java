package dev.errand.runs.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaterTriesTest {
  private static final Instant SIX = Instant.parse("2026-11-24T06:00:00Z");

  @Test
  void waitsAreLengthenedByUpToATenth() {
    LaterTries later = new LaterTries(List.of(Duration.ofMinutes(5), Duration.ofHours(1)), null);
    assertEquals(Optional.of(Duration.ofMinutes(5)), later.waitAfter(0, SIX, 0));
    assertEquals(Optional.of(Duration.ofSeconds(315)), later.waitAfter(0, SIX, 0.5));
    assertEquals(Optional.of(Duration.ofMinutes(66)), later.waitAfter(1, SIX, 1));
    assertEquals(Optional.empty(), later.waitAfter(2, SIX, 0));
  }

  @Test
  void aTryThatComesInTimeAsItIsIsNotPutBehindIt() {
    LaterTries later = new LaterTries(List.of(Duration.ofMinutes(5)), SIX);
    Instant now = SIX.minusSeconds(310);
    assertEquals(Optional.of(Duration.ofSeconds(306)), later.waitAfter(0, now, 0.2));
    assertEquals(Optional.of(Duration.ofMinutes(5)), later.waitAfter(0, now, 0.9));
    assertEquals(Optional.empty(), later.waitAfter(0, SIX.minusSeconds(300), 0));
  }
}
