package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-24T20:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After|0|PT0S",
        "Retry-After|7|PT7S",
        "retry-after| 7 |PT7S",
        "Retry-After|1.5|PT1.5S",
        "Retry-After|Tue, 24 Nov 2026 20:00:30 GMT|PT30S",
        "Retry-After|Tue, 24 Nov 2026 19:59:00 GMT|PT0S",
        "Retry-After|Tuesday, 24-Nov-26 20:00:30 GMT|PT30S",
        "Retry-After|Saturday, 24-Nov-79 20:00:30 GMT|PT0S",
        "Retry-After|Tue Nov 24 20:00:30 2026|PT30S",
        "Retry-After|Tue Dec  1 20:00:30 2026|PT168H30S",
        "retry-after-ms|250|PT0.25S",
        "Retry-After-Ms|1500.5|PT1.5005S",
      })
  void aWaitIsReadInEveryNotation(String name, String value, Duration wait) {
    assertEquals(Optional.of(wait), RetryAfter.in(with(name, value), NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "soon",
        "1e9",
        "0x10",
        "NaN",
        "Infinity",
        "24 Nov 2026",
        "1 2",
        "Tuesday, 24-Nov-26",
        "Tue Nov 40 20:00:30 2026"
      })
  void invalidWaitsAreIgnored(String value) {
    assertEquals(Optional.empty(), RetryAfter.in(with("Retry-After", value), NOW));
    assertEquals(Optional.empty(), RetryAfter.in(with("retry-after-ms", value), NOW));
  }

  @Test
  void aDateIsReadByTheServersOwnClock() {
    MultiMap headers =
        with("Retry-After", "Tue, 24 Nov 2026 23:00:30 GMT")
            .add("Date", "Tue, 24 Nov 2026 23:00:00 GMT");

    assertEquals(Optional.of(Duration.ofSeconds(30)), RetryAfter.in(headers, NOW));
  }

  @Test
  void millisecondsAreMoreExactThanSeconds() {
    MultiMap headers = with("Retry-After", "1").add("retry-after-ms", "300");

    assertEquals(Optional.of(Duration.ofMillis(300)), RetryAfter.in(headers, NOW));
  }

  @Test
  void withoutAFieldThereIsNoWait() {
    assertEquals(Optional.empty(), RetryAfter.in(MultiMap.caseInsensitiveMultiMap(), NOW));
  }

  private static MultiMap with(String name, String value) {
    return MultiMap.caseInsensitiveMultiMap().add(name, value);
  }
}
