package dev.errand.servlet.install;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When a list last changed, for {@code If-Modified-Since} (RFC 9110, section 13.1.3). HTTP's times
 * are whole seconds, a change is seen only once it is committed, and machines' clocks differ: until
 * a change is {@link #SETTLING} old, nobody is told that nothing has changed since.
 *
 * @param at the time of the last change
 */
record LastChange(Instant at) {
  private static final Duration SETTLING = Duration.ofSeconds(10);

  // The form that RFC 9110 wants: two digits of a day, and GMT.
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  // What old clients write, and a server has to read all the same.
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final int FUTURE_YEARS = 50;

  /**
   * Whether a client that got the list at a time has it as it is.
   *
   * @param since what the client sends: a {@code Date} or {@code Last-Modified} of ours
   */
  boolean isKnownSince(@Nullable String since, Instant now) {
    if (since == null) {
      return false;
    }
    for (DateTimeFormatter form : List.of(HTTP_DATE, rfc850(now), ASCTIME)) {
      try {
        Instant then = Instant.from(form.parse(since.strip()));
        return !then.isBefore(settled()) && !then.isAfter(now);
      } catch (DateTimeParseException e) {
        // Perhaps it is of another form.
      }
    }
    return false;
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

  /** {@code Last-Modified}, by which alone a client may also come to know the list. */
  String lastModified(Instant now) {
    return httpDate(now.isBefore(settled()) ? at : settled());
  }

  /** A time as HTTP writes it. */
  static String httpDate(Instant time) {
    return HTTP_DATE.format(time);
  }

  private Instant settled() {
    return at.plus(SETTLING).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
  }
}
