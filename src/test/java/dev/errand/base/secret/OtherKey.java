package dev.errand.base.secret;

import java.util.Base64;
import java.util.List;

/** A box whose master key is not that of the tests. */
public final class OtherKey {
  private OtherKey() {}

  /** Seals a secret that is sent to a server with such a box. */
  public static Sealed seal(String secret, String context, String url) {
    return box().seal(new PlainSecret(secret), context, SecretServer.ofUrl(url));
  }

  /** Such a box. */
  public static SecretBox box() {
    byte[] key = new byte[32];
    key[0] = 99;
    return new SecretBox(Base64.getEncoder().encodeToString(key), List.of());
  }
}
