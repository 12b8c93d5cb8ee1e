package dev.errand.base.secret;

import java.security.SecureRandom;
import java.util.Base64;

/** Texts that nobody can guess: sessions, codes of links and secrets. */
public final class RandomText {
  private static final int BYTES = 32;

  private RandomText() {}

  /** A text of 256 random bits, in 43 characters of the URL-safe Base64 (RFC 4648, section 5). */
  public static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
