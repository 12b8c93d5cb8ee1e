package dev.errand.base.egress.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Recognises redirects and reads their location. */
final class Redirect {

  private Redirect() {}

  /** Whether an answer of this status and with this {@code Location} is a redirect. */
  static boolean isOne(int status, @Nullable String location) {
    return location != null
        && switch (status) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
  }

  /** The location as it was meant, since many servers send UTF-8 where the wire reads Latin-1. */
  static String readable(String location) {
    return new String(location.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
