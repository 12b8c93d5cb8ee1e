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
    "' 10m ', PT10M",
    "1h30m, PT1H30M",
    "1H 30M, PT1H30M",
    "1 hour 30 minutes, PT1H30M",
    "1 hour and 30 minutes, PT1H30M",
    "'1 week, 2 days, 3 hrs and 5 s', PT219H5S",
    "10m 5s, PT10M5S"
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
        "5m 10h",
        "1h 1h",
        "1h30",
        "1h, ",
        "1h and",
        "and 1h",
        "1.5h",
        "1h -5m",
        "10 µs",
        "5 mon",
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

  @ParameterizedTest
  @ValueSource(strings = {"5 months", "1 mo", "1 y", "2 Years", "P1M", "P1Y", "P1Y2M3D", "-P1M"})
  void monthsAndYearsAreRefusedWithTheReason(String text) {
    ApiException refused =
        assertThrows(ApiException.class, () -> Durations.parse("every", text, LEAST, MOST));
    assertEquals(
        "has months or years, which have no fixed length: give days, such as 30 days or P30D;"
            + " minutes are written 5m or PT5M",
        refused.errors().getFirst().message());
  }

  @Test
  void aRefusalNamesBothForms() {
    assertEquals(
        "must be a duration, in whole numbers such as 15 minutes, 10m, 1h30m or 1 day, or in ISO"
            + " 8601 such as PT15M",
        assertThrows(ApiException.class, () -> Durations.parse("every", "often"))
            .errors()
            .getFirst()
            .message());
    assertEquals(
        "must be between 1 second and 366 days",
        assertThrows(ApiException.class, () -> Durations.parse("every", "367 days", LEAST, MOST))
            .errors()
            .getFirst()
            .message());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 seconds",
    "PT0.3S, 300 ms",
    "PT1S, 1 second",
    "PT1.5S, 1.5 seconds",
    "PT5M, 5 minutes",
    "PT1H30M, 1 hour and 30 minutes",
    "PT24H, 1 day",
    "PT26H3M4S, '1 day, 2 hours, 3 minutes and 4 seconds'",
    "PT1M0.25S, 1 minute and 0.25 seconds"
  })
  void aDurationHasWords(Duration duration, String words) {
    assertEquals(words, Durations.words(duration));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PT0S",
        "PT1S",
        "PT1.5S",
        "PT0.000000001S",
        "PT90M",
        "PT25H",
        "PT26H3M4S",
        "P366D"
      })
  void whatAFormShowsIsReadAsTheSameDuration(Duration duration) {
    assertEquals(duration, Durations.parse("every", Durations.typed(duration)));
  }

  @Test
  void theLongestDurationDoesNotOverflow() {
    assertEquals(
        Duration.ofDays(7 * 999_999_999L).plusSeconds(999_999_999),
        Durations.parse("every", "999999999w 999999999s"));
  }

  @Test
  void aFractionOfASecondIsRefusedWhereWholeOnesAreKept() {
    assertThrows(ApiException.class, () -> Durations.parseSeconds("every", "PT1.5S", LEAST, MOST));
    assertEquals(Duration.ofSeconds(2), Durations.parseSeconds("every", "PT2.0S", LEAST, MOST));
  }
}
