package dev.errand.automation.schedule.calendar;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.IsoInstant;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Parses times and time zones (ISO 8601 and IANA). */
public final class IsoTime {
  private static final Instant EARLIEST =
      Year.of(2000).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final Instant LATEST =
      Year.of(2200).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();

  private IsoTime() {}

  /**
   * Parses a time, rounded down to the second: in UTC, with an offset, or as local time of a zone.
   * A local time in the gap of a clock change is the time right after it; of a doubled time, the
   * first.
   *
   * @throws ApiException when it is not valid, or outside of the years 2000 to 2199
   */
  public static Instant time(String field, String text, ZoneId zone) {
    Instant time =
        IsoInstant.parse(
            field, text, ChronoUnit.SECONDS, wall -> CronRule.timeOf(wall, zone.getRules()));
    if (time.isBefore(EARLIEST) || !time.isBefore(LATEST)) {
      throw ApiException.invalid(field, "must be in the years 2000 to 2199");
    }
    return time;
  }

  /**
   * Parses the name of a time zone of the IANA database.
   *
   * @throws ApiException when there is none of that name
   */
  public static ZoneId zone(String field, String text) {
    if (ZoneNames.isKnown(text)) {
      try {
        return ZoneId.of(text);
      } catch (DateTimeException e) {
        throw new IllegalStateException(e);
      }
    }
    throw ApiException.invalid(
        field,
        "must be the name of an IANA time zone such as Europe/Berlin or UTC"
            + ZoneNames.advice(text));
  }
}
