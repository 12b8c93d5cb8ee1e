package dev.errand.models.wire;

import dev.errand.base.http.RetryAfter;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the header fields of an answer say about another try. The vendors' own clients obey both.
 *
 * @param askedToWait how long the server asks to wait; null where it does not say
 * @param shouldRetry whether another try may succeed, whatever the status, by {@code
 *     x-should-retry}; null where the server does not say
 */
public record RetryHints(@Nullable Duration askedToWait, @Nullable Boolean shouldRetry) {
  public static final RetryHints NONE = new RetryHints(null, null);

  static RetryHints in(MultiMap headers, Instant now) {
    String said = headers.get("x-should-retry");
    return new RetryHints(
        RetryAfter.in(headers, now).orElse(null),
        "true".equals(said) ? Boolean.TRUE : "false".equals(said) ? Boolean.FALSE : null);
  }
}
