package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the log tells that this process's clock is not the database's. */
class ClockDifferenceTest {
  private static final Instant DATABASE = Instant.parse("2026-11-30T05:00:00Z");

  private final ClockDifference difference = new ClockDifference();

  private String news(long secondsAhead) {
    Instant here = DATABASE.plusSeconds(secondsAhead);
    return difference.news(DATABASE, here, here).orElse("").replaceFirst("database's .*", "…");
  }

  @Test
  void aSmallDifferenceIsNotTold() {
    assertEquals("", news(0));
    assertEquals("", news(30));
    assertEquals("", news(-30));
  }

  @Test
  void aLargeOneIsToldOnceAndSoIsEachChange() {
    String ahead = "This process's clock says 2026-11-30T05:11:00Z, which is PT11M ahead of the …";
    assertEquals(ahead, news(660));
    assertEquals("", news(660));
    assertEquals("", news(650));
    assertEquals(
        "This process's clock says 2026-11-30T04:59:00Z, which is PT1M behind the …", news(-60));
    assertEquals("", news(-60));
    assertEquals("This process's clock agrees with the …", news(1));
    assertEquals("", news(1));
    assertEquals(ahead, news(660));
  }

  @Test
  void thatTheyAgreeAgainIsToldAlsoAfterASmallDifference() {
    assertFalse(news(40).isEmpty());
    assertEquals("", news(20), "it may grow again");
    assertEquals("This process's clock agrees with the …", news(10));
  }

  @Test
  void anAnswerThatTookLongIsNoDifference() {
    assertEquals(
        Optional.empty(),
        difference.news(DATABASE, DATABASE.minus(Duration.ofMinutes(5)), DATABASE.plusSeconds(1)));
  }
}
