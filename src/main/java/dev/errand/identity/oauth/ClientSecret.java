package dev.errand.identity.oauth;

import dev.errand.base.secret.ChecksummedText;
import dev.errand.base.secret.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;

/** The secrets of clients, of which only the SHA-256 is kept. */
final class ClientSecret {
  private static final ChecksummedText FORM = new ChecksummedText("err_cs_");

  private ClientSecret() {}

  static String random() {
    return FORM.random(new SecureRandom());
  }

  static boolean matches(String text, byte[] hash) {
    return MessageDigest.isEqual(Sha256.of(text), hash);
  }
}
