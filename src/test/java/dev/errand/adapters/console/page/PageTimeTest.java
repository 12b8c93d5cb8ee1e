package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PageTimeTest {
  @Test
  void aTimeHasItsWeekdayAndYear() {
    PageTime time = PageTime.of(Instant.parse("2026-12-31T23:30:00Z"));
    assertEquals("Thu 31 Dec 2026, 23:30 UTC", time.text());
    assertEquals("Fri 1 Jan 2027, 00:30", time.inZone("Europe/Berlin"));
    assertEquals(
        "Thu 3 Sep 2026, 05:06:07 UTC",
        PageTime.of(Instant.parse("2026-09-03T05:06:07.891Z")).text());
  }
}
