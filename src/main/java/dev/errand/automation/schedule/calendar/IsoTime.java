package dev.errand.automation.schedule.calendar;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.IsoInstant;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses times, durations and time zones (ISO 8601 and IANA). */
public final class IsoTime {
  private static final Pattern LENGTH =
      Pattern.compile(
          "P(?=[0-9T])(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
              + "(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?");
  private static final Instant EARLIEST =
      Year.of(2000).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final Instant LATEST =
      Year.of(2200).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();

  private IsoTime() {}

  /**
   * Parses a duration in whole seconds; a day has 24 hours.
   *
   * @throws ApiException when it is not valid, or not between the two bounds
   */
  public static Duration length(String field, String text, Duration least, Duration most) {
    Matcher matcher = LENGTH.matcher(text);
    if (!matcher.matches()) {
      throw ApiException.invalid(
          field,
          "must be an ISO 8601 duration of weeks, days, hours, minutes and whole seconds, such as"
              + " PT15M; months and years have no fixed length");
    }
    Duration length =
        Duration.ofDays(7 * number(matcher, 1))
            .plusDays(number(matcher, 2))
            .plusHours(number(matcher, 3))
            .plusMinutes(number(matcher, 4))
            .plusSeconds(number(matcher, 5));
    if (length.compareTo(least) < 0 || length.compareTo(most) > 0) {
      throw ApiException.invalid(field, "must be between " + least + " and " + most);
    }
    return length;
  }

  private static long number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

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
