package dev.errand.identity.token;

import dev.errand.base.secret.ChecksummedText;
import java.security.SecureRandom;

/** The text of a token: {@code err_}, 256 random bits, and a checksum. */
final class TokenText {
  private static final ChecksummedText FORM = new ChecksummedText("err_");

  private TokenText() {}

  static String random(SecureRandom random) {
    return FORM.random(random);
  }

  /** Whether a credential has the form of a token, whatever its checksum is. */
  static boolean isToken(String credential) {
    return FORM.matches(credential);
  }

  /** Whether the checksum of a text in the form of a token is right. */
  static boolean isWhole(String token) {
    return FORM.isWhole(token);
  }
}
