package dev.errand.adapters.console.page;

import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time in a page. A script shows it in the reader's zone; without scripts it is shown in UTC.
 *
 * @param iso for the browser, to the millisecond
 * @param text for people
 */
public record PageTime(String iso, String text) {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** An instant; templates call it {@code instant.shown}. */
  @TemplateExtension(matchName = "shown")
  public static PageTime of(Instant time) {
    return new PageTime(time.truncatedTo(ChronoUnit.MILLIS).toString(), TEXT.format(time));
  }

  /** An instant; null where there is none. */
  public static @Nullable PageTime orNull(@Nullable Instant time) {
    return time == null ? null : of(time);
  }
}
