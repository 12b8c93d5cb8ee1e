package dev.errand.base.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** One master key of 32 bytes, and the id by which a sealed value names it. */
final class MasterKey {
  private static final int BYTES = 32;
  private static final int ID_BYTES = 4;

  private final SecretKey key;
  private final byte[] bytes;
  private final byte[] id;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = java.util.Arrays.copyOf(Sha256.of(bytes), ID_BYTES);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalStateException when the text is not the base64 of 32 bytes; the text is not in
   *     the message
   */
  static MasterKey parse(String setting, String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != BYTES) {
      throw new IllegalStateException(
          setting + " is not the base64 of 32 bytes: generate one with `openssl rand -base64 32`.");
    }
    return new MasterKey(bytes);
  }

  SecretKey key() {
    return key;
  }

  /** A key for one purpose, from which neither this one nor that of another purpose follows. */
  byte[] derived(String purpose) {
    return Hmac.sha256(bytes, ("errand/" + purpose).getBytes(StandardCharsets.UTF_8));
  }

  byte[] id() {
    return id.clone();
  }

  boolean hasId(byte[] other) {
    return MessageDigest.isEqual(id, other);
  }
}
