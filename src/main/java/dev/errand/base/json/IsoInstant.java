package dev.errand.base.json;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one parser of instants in requests: ISO 8601 with any fraction of a second and any offset,
 * rounded down to the stored precision.
 */
public final class IsoInstant {
  // JavaScript writes milliseconds, Python microseconds, Go nanoseconds; PostgreSQL and Python's
  // str() write a space for the T, and shells write offsets without a colon. In a query, a plus
  // that was not encoded arrives as a space.
  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>[0-9]{4})(?<dash>-?)(?<month>[0-9]{2})\\k<dash>(?<day>[0-9]{2})[Tt ]"
              + "(?<hour>[0-9]{2})(?<colon>:?)(?<minute>[0-9]{2})"
              + "(?:\\k<colon>(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]{1,40}))?)?"
              + "(?<offset>[Zz]|(?<sign>[+ -])(?<hours>[0-9]{2})"
              + "(?::?(?<minutes>[0-9]{2})(?::?(?<seconds>[0-9]{2}))?)?)?");
  private static final int NANOS = 9;

  private IsoInstant() {}

  /**
   * An instant with an offset.
   *
   * @param kept the unit to which it is rounded down
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} when it is none
   */
  public static Instant parse(String field, String text, ChronoUnit kept) {
    return read(text, null)
        .map(instant -> instant.truncatedTo(kept))
        .orElseThrow(
            () ->
                ApiException.invalid(
                    field,
                    "must be a time with its offset, such as 2027-01-31T12:00:00Z or"
                        + " 2027-01-31T13:00:00.123+01:00"));
  }

  /**
   * An instant with an offset, or without one by a wall clock.
   *
   * @param clock the instant at which the wall clock shows a time
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} when it is none
   */
  public static Instant parse(
      String field, String text, ChronoUnit kept, Function<LocalDateTime, Instant> clock) {
    return read(text, clock)
        .map(instant -> instant.truncatedTo(kept))
        .orElseThrow(
            () ->
                ApiException.invalid(
                    field,
                    "must be a time such as 2026-12-24T09:30:00Z, 2026-12-24T09:30:00+01:00, or"
                        + " 2026-12-24T09:30 by the clock of timezone"));
  }

  private static Optional<Instant> read(
      String text, @Nullable Function<LocalDateTime, Instant> clock) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String wall =
        "%s-%s-%sT%s:%s:%s.%s"
            .formatted(
                form.group("year"),
                form.group("month"),
                form.group("day"),
                form.group("hour"),
                form.group("minute"),
                or(form.group("second"), "00"),
                (or(form.group("fraction"), "") + "0".repeat(NANOS)).substring(0, NANOS));
    try {
      if (form.group("offset") != null) {
        return Optional.of(Instant.parse(wall + offset(form)));
      }
      return Optional.ofNullable(clock).map(by -> by.apply(LocalDateTime.parse(wall)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String offset(Matcher form) {
    if (form.group("sign") == null) {
      return "Z";
    }
    return (form.group("sign").equals("-") ? "-" : "+")
        + form.group("hours")
        + ":"
        + or(form.group("minutes"), "00")
        + ":"
        + or(form.group("seconds"), "00");
  }

  private static String or(@Nullable String group, String otherwise) {
    return group == null ? otherwise : group;
  }
}
