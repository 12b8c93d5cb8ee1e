package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoInstantTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // JavaScript, Python, Go, PostgreSQL, date(1)
        "2026-11-26T15:46:36.123Z | 2026-11-26T15:46:36.123Z",
        "2026-11-26T15:46:36.123456+00:00 | 2026-11-26T15:46:36.123456Z",
        "2026-11-26T16:46:36.123456789+01:00 | 2026-11-26T15:46:36.123456789Z",
        "2026-11-26 16:46:36.123456+01 | 2026-11-26T15:46:36.123456Z",
        "2026-11-26T10:16:36-0530 | 2026-11-26T15:46:36Z",
        "20261126T154636Z | 2026-11-26T15:46:36Z",
        "20261126T164636,5+0100 | 2026-11-26T15:46:36.500Z",
        "2026-11-26t15:46:36z | 2026-11-26T15:46:36Z",
        "2026-11-26T15:46Z | 2026-11-26T15:46:00Z",
        "2026-11-26T15:46:36.1Z | 2026-11-26T15:46:36.100Z",
        "2026-11-26T15:46:36.99999999999999999999Z | 2026-11-26T15:46:36.999999999Z",
        "2026-11-26T16:46:36 01:00 | 2026-11-26T15:46:36Z",
        "2026-11-26T15:46:36+18:00 | 2026-11-25T21:46:36Z",
        "2026-11-26T24:00:00Z | 2026-11-27T00:00:00Z",
        "2016-12-31T23:59:60Z | 2016-12-31T23:59:59Z",
        "1969-12-31T23:59:59.999Z | 1969-12-31T23:59:59.999Z",
      })
  void anInstantIsTakenAsAnyProgramWritesIt(String text, String instant) {
    assertEquals(Instant.parse(instant), IsoInstant.parse("at", text, ChronoUnit.NANOS));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T15:46:36.9999Z, SECONDS, 2026-11-26T15:46:36Z",
    "2026-11-26T15:46:36.9999Z, MILLIS, 2026-11-26T15:46:36.999Z",
    "1969-12-31T23:59:58.001Z, SECONDS, 1969-12-31T23:59:58Z",
  })
  void anInstantIsRoundedDownToWhatIsKept(String text, ChronoUnit kept, String instant) {
    assertEquals(Instant.parse(instant), IsoInstant.parse("at", text, kept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "2026-11-26",
        "2026-11-26T15:46:36",
        "2026-11-26T15Z",
        "2026-1126T15:46Z",
        "2026-11-26T1546:36Z",
        "2026-13-26T15:46:36Z",
        "2026-02-29T15:46:36Z",
        "2026-11-26T25:00:00Z",
        "2026-11-26T15:46:36.Z",
        "2026-11-26T15:46:36+19:00",
        "2026-11-26T15:46:36+1",
        "2026-11-26T15:46:36Z ",
        "+12026-11-26T15:46:36Z",
        "1764171996",
        "２０２６-11-26T15:46:36Z"
      })
  void invalidInstantsAreRefusedByField(String text) {
    ApiException e =
        assertThrows(
            ApiException.class, () -> IsoInstant.parse("expires_at", text, ChronoUnit.MILLIS));
    assertEquals(ErrorCode.INVALID_INPUT, e.code());
    assertEquals("expires_at", e.errors().getFirst().field());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T15:46:36.5, 2026-11-26T15:46:36Z",
    "2026-11-26 15:46, 2026-11-26T15:46:00Z",
    "2026-11-26T15:46:36+01:00, 2026-11-26T14:46:36Z",
  })
  void withoutAnOffsetAClockMayTell(String text, String instant) {
    assertEquals(
        Instant.parse(instant),
        IsoInstant.parse("at", text, ChronoUnit.SECONDS, wall -> wall.toInstant(ZoneOffset.UTC)));
  }
}
