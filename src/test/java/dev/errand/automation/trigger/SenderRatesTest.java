package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SenderRatesTest {
  private Instant now = Instant.parse("2026-11-24T20:00:00Z");

  private final SenderRates rates =
      new SenderRates(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  @Test
  void aSenderOverTheRateWaitsForTheEndOfItsMinuteAndNoOtherDoes() {
    for (int i = 0; i < SenderRates.MOST; i++) {
      assertEquals(Optional.empty(), rates.count("a"));
    }
    now = now.plusSeconds(20);
    assertEquals(Optional.of(Duration.ofSeconds(40)), rates.count("a"));
    assertEquals(Optional.empty(), rates.count("b"));
    now = now.plusSeconds(40);
    assertEquals(Optional.empty(), rates.count("a"));
  }

  @Test
  void manySendersAreTrackedInBoundedMemory() {
    for (int i = 0; i < 25_000; i++) {
      assertTrue(rates.count("sender " + i).isEmpty());
    }
  }
}
