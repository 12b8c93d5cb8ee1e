package dev.errand.base.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the token of an {@code Authorization: Bearer} header (RFC 6750, section 2.1). */
public final class BearerToken {
  private static final String SCHEME = "bearer ";

  private BearerToken() {}

  /**
   * The token.
   *
   * @return empty when there is no header or its scheme is another one; the token may be blank
   */
  public static Optional<String> of(@Nullable String authorization) {
    return authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.empty()
        : Optional.of(authorization.substring(SCHEME.length()).strip());
  }
}
