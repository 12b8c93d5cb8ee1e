package dev.errand.base.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Times in HTTP's header fields (RFC 9110, section 5.6.7), in whole seconds. */
public final class HttpDate {
  private HttpDate() {}

  /** Writes a time in the preferred form, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  public static String write(Instant time) {
    return DateFormatter.format(Date.from(time));
  }

  /** Reads a time in the preferred form or one of the two obsolete ones; empty where it is none. */
  public static Optional<Instant> read(String text) {
    return Optional.ofNullable(DateFormatter.parseHttpDate(text.strip())).map(Date::toInstant);
  }
}
