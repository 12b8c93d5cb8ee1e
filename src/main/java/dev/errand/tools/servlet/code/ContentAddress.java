package dev.errand.tools.servlet.code;

import dev.errand.base.secret.Sha256;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of bytes by what they are.
 *
 * @param hex their SHA-256 in 64 lower-case hexadecimal digits
 */
public record ContentAddress(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public ContentAddress {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("A content address is 64 lower-case hexadecimal digits.");
    }
  }

  /** The address of these bytes. */
  public static ContentAddress of(byte[] bytes) {
    return new ContentAddress(Sha256.hex(bytes));
  }

  /** The address that a client writes, if it is one. */
  public static Optional<ContentAddress> parse(String text) {
    return HEX.matcher(text).matches() ? Optional.of(new ContentAddress(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return hex;
  }
}
