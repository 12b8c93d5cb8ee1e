package dev.errand.identity.token;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a token: {@code err_}, 43 characters of {@code 0-9 A-Z a-z} that carry 256 random
 * bits, and 6 that carry the CRC-32 of everything before them. Scanners for leaked secrets find it
 * by its form, and rule out by the checksum what only looks like one.
 */
final class TokenText {
  private static final String PREFIX = "err_";
  private static final int RANDOM_BYTES = 32;
  private static final int RANDOM_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int LENGTH = PREFIX.length() + RANDOM_LENGTH + CHECKSUM_LENGTH;
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_LENGTH + CHECKSUM_LENGTH) + "}");

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  private TokenText() {}

  /** A new token. */
  static String random(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String head = PREFIX + base62(new BigInteger(1, bytes), RANDOM_LENGTH);
    return head + checksum(head);
  }

  /** Whether a credential has the form of a token, whatever its checksum is. */
  static boolean isToken(String credential) {
    return credential.length() == LENGTH && FORM.matcher(credential).matches();
  }

  /** Whether the checksum of a text in the form of a token is right. */
  static boolean isWhole(String token) {
    int end = LENGTH - CHECKSUM_LENGTH;
    return token.substring(end).equals(checksum(token.substring(0, end)));
  }

  private static String checksum(String head) {
    CRC32 crc = new CRC32();
    crc.update(head.getBytes(StandardCharsets.US_ASCII));
    return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
  }

  // The most significant digit first, with leading zeros.
  private static String base62(BigInteger number, int length) {
    char[] digits = new char[length];
    BigInteger rest = number;
    for (int i = length - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      digits[i] = DIGITS.charAt(parts[1].intValue());
      rest = parts[0];
    }
    return new String(digits);
  }
}
