package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a duration may be written in a request. */
class DurationsTest {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(366);

  @ParameterizedTest
  @CsvSource({
    "PT15M, PT15M",
    "pt15m, PT15M",
    "P1D, PT24H",
    "P1W, PT168H",
    "P1W2DT3H4M5S, PT219H4M5S",
    "PT90S, PT1M30S",
    "PT1.5S, PT1.5S",
    "'PT1,000000001S', PT1.000000001S",
    "90 s, PT1M30S",
    "1s, PT1S",
    "30 sec, PT30S",
    "45 seconds, PT45S",
    "10m, PT10M",
    "5 min, PT5M",
    "1 minute, PT1M",
    "2 hours, PT2H",
    "6h, PT6H",
    "1 day, PT24H",
    "3 Days, PT72H",
    "2 weeks, PT336H",
    "' 10m ', PT10M"
  })
  void aDurationIsRead(String text, Duration duration) {
    assertEquals(duration, Durations.parse("every", text, LEAST, MOST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "15",
        "m",
        "1.5 h",
        "-5 m",
        "5  m",
        "5 months",
        "1 y",
        "10m 5s",
        "P1M",
        "P1Y",
        "-PT1M",
        "PT-1M",
        "P1DT",
        "PT1.S",
        "PT0S",
        "0 s",
        "P400D",
        "367 days",
        "PT999999999H",
        "999999999 weeks",
        "9999999999 s",
        "P99999999999W",
        "PT1.0000000001S",
        "１０m"
      })
  void whatIsNoneOrOutOfBoundsIsRefused(String text) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Durations.parse("every", text, LEAST, MOST));
    assertEquals("every", refused.errors().getFirst().field());
  }

  @Test
  void aFractionOfASecondIsRefusedWhereWholeOnesAreKept() {
    assertThrows(ApiException.class, () -> Durations.parseSeconds("every", "PT1.5S", LEAST, MOST));
    assertEquals(Duration.ofSeconds(2), Durations.parseSeconds("every", "PT2.0S", LEAST, MOST));
  }
}
