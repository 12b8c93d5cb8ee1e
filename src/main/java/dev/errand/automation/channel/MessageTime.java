package dev.errand.automation.channel;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times in messages for persons, to the minute, with the name of their zone. */
public final class MessageTime {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm VV", Locale.ROOT);

  private MessageTime() {}

  /**
   * A time such as {@code 2026-11-29 09:45 Europe/Berlin}.
   *
   * @param zone the name of the zone; null for UTC, as for one that is not known here
   */
  public static String of(Instant at, @Nullable String zone) {
    return TIME.format(at.atZone(zone == null ? UTC : zone(zone)));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      return UTC;
    }
  }
}
