package dev.errand.tools.servlet.module;

import dev.errand.base.secret.Sha256;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A content address: the SHA-256 of bytes.
 *
 * @param hex the hash in 64 lower-case hexadecimal digits
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

  /** Parses an address; empty if the text is not one. */
  public static Optional<ContentAddress> parse(String text) {
    return HEX.matcher(text).matches() ? Optional.of(new ContentAddress(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return hex;
  }
}
