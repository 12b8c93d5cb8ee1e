package dev.errand.base.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Times in HTTP's header fields (RFC 9110, section 5.6.7), in whole seconds. */
public final class HttpDate {
  // The one form that is still written: two digits of a day, and GMT.
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final int FUTURE_YEARS = 50;

  private HttpDate() {}

  /** A time as it is written. */
  public static String write(Instant time) {
    return WRITTEN.format(time);
  }

  /**
   * Reads a time in the form that is written, or in one of the two that old programs write and
   * everybody has to read all the same.
   *
   * @param now tells the century of a year of two digits
   * @return empty where it is none
   */
  public static Optional<Instant> read(String text, Instant now) {
    for (DateTimeFormatter form :
        List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)) {
      try {
        return Optional.of(Instant.from(form.parse(text.strip())));
      } catch (DateTimeException e) {
        // Perhaps it is of another form.
      }
    }
    return Optional.empty();
  }

  /** The form of RFC 850, whose years of two digits are at most 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    int first = now.atOffset(ZoneOffset.UTC).getYear() + FUTURE_YEARS - 99;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, first)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }
}
