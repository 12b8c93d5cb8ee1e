package dev.errand.servlet.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of bytes by what they are.
 *
 * @param hex their SHA-256 in 64 lower-case hexadecimal digits
 */
public record ContentAddress(String hex) {
  public ContentAddress {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("A content address is 64 lower-case hexadecimal digits.");
    }
  }

  /** The address of these bytes. */
  public static ContentAddress of(byte[] bytes) {
    try {
      return new ContentAddress(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
