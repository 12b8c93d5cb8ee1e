package dev.errand.support;

import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/**
 * RSA keys for tests. To make one takes a second in a JVM of the tests, so a few are handed out in
 * turn under new names: each differs from the three before it.
 */
public final class RsaKeys {
  private static final int DIFFERENT = 4;
  private static final List<RsaJsonWebKey> MADE = new ArrayList<>();
  private static int given;

  private RsaKeys() {}

  /** The next one, under that name. */
  public static synchronized PublicJsonWebKey next(String id) {
    try {
      int index = given++ % DIFFERENT;
      if (index == MADE.size()) {
        MADE.add(RsaJwkGenerator.generateJwk(2048));
      }
      RsaJsonWebKey made = MADE.get(index);
      RsaJsonWebKey key = new RsaJsonWebKey(made.getRsaPublicKey());
      key.setPrivateKey(made.getRsaPrivateKey());
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
