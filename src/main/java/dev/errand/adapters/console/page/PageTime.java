package dev.errand.adapters.console.page;

import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time in a page, with its weekday and year. A script shows it in the reader's zone, which the
 * page names; without scripts it is shown in UTC. What stands in an element with {@code data-zone}
 * is shown in that zone in any case.
 *
 * @param iso for the browser, to the millisecond
 * @param text for people
 */
public record PageTime(String iso, String text) {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final int SHORT = 3;

  /** An instant; templates call it {@code instant.shown}. */
  @TemplateExtension(matchName = "shown")
  public static PageTime of(Instant time) {
    return new PageTime(
        time.truncatedTo(ChronoUnit.MILLIS).toString(), text(time, ZoneOffset.UTC) + " UTC");
  }

  /** An instant; null where there is none. */
  public static @Nullable PageTime orNull(@Nullable Instant time) {
    return time == null ? null : of(time);
  }

  /** The text for people by the wall clock of another zone, which the page names. */
  public String inZone(String zone) {
    return text(Instant.parse(iso), ZoneId.of(zone));
  }

  /** A time by the wall clock of a zone, such as {@code Mon 30 Nov 2026, 09:30}. */
  public static String text(Instant time, ZoneId zone) {
    ZonedDateTime at = time.atZone(zone);
    return "%s %d %s %d, %s"
        .formatted(
            name(at.getDayOfWeek()),
            at.getDayOfMonth(),
            name(at.getMonth()),
            at.getYear(),
            (time.getEpochSecond() % 60 == 0 ? MINUTES : SECONDS).format(at));
  }

  // A native executable may contain no names of locales.
  private static String name(Enum<?> value) {
    return value.name().charAt(0) + value.name().substring(1, SHORT).toLowerCase(Locale.ROOT);
  }
}
