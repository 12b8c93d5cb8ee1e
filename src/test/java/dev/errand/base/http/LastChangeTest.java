package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastChangeTest {
  private static final Instant CHANGED = Instant.parse("2026-11-24T20:00:00.900Z");
  private static final Instant LATER = CHANGED.plusSeconds(3600);
  private static final LastChange CHANGE = new LastChange(CHANGED);

  @Test
  void aClientKnowsTheListOnlyOfATimeAtWhichTheChangeHadSettled() {
    assertFalse(knownOf("2026-11-24T19:59:59Z"));
    assertFalse(knownOf("2026-11-24T20:00:00Z"), "the same second");
    assertFalse(knownOf("2026-11-24T20:00:01Z"), "perhaps not yet committed");
    assertFalse(knownOf("2026-11-24T20:00:10Z"));
    assertTrue(knownOf("2026-11-24T20:00:11Z"));
    assertTrue(knownOf("2026-11-24T21:00:00Z"));
    assertFalse(knownOf("2026-11-24T21:00:01Z"), "later than now");
  }

  @Test
  void lastModifiedIsNeverLaterThanNowAndSufficesOnceItHasSettled() {
    Instant soon = CHANGED.plusSeconds(5);
    assertEquals("Tue, 24 Nov 2026 20:00:00 GMT", CHANGE.lastModified(soon));
    assertFalse(CHANGE.isKnownSince(CHANGE.lastModified(soon), LATER));
    assertEquals("Tue, 24 Nov 2026 20:00:11 GMT", CHANGE.lastModified(LATER));
    assertTrue(CHANGE.isKnownSince(CHANGE.lastModified(LATER), LATER));
  }

  @Test
  void theOldFormsOfADateAreRead() {
    assertTrue(CHANGE.isKnownSince("Tuesday, 24-Nov-26 20:30:00 GMT", LATER));
    assertTrue(CHANGE.isKnownSince("Tue Nov 24 20:30:00 2026", LATER));
    assertFalse(CHANGE.isKnownSince("Tuesday, 24-Nov-26 19:30:00 GMT", LATER));
    assertFalse(CHANGE.isKnownSince("Tue Nov 24 19:30:00 2026", LATER));
    Instant future = Instant.parse("2026-12-06T00:00:00Z");
    assertTrue(CHANGE.isKnownSince("Sat Dec  5 20:30:00 2026", future));
    assertFalse(CHANGE.isKnownSince("Wednesday, 24-Nov-99 20:30:00 GMT", LATER), "of 1999");
  }

  @Test
  void invalidDatesAreIgnored() {
    assertFalse(CHANGE.isKnownSince(null, LATER));
    assertFalse(CHANGE.isKnownSince("", LATER));
    assertFalse(CHANGE.isKnownSince("2026-11-24T20:30:00Z", LATER));
  }

  private static boolean knownOf(String time) {
    return CHANGE.isKnownSince(HttpDate.write(Instant.parse(time)), LATER);
  }
}
