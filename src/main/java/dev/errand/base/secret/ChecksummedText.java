package dev.errand.base.secret;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A form of secret texts: a prefix, 43 characters of {@code 0-9 A-Z a-z} that carry 256 random
 * bits, and 6 that carry the CRC-32 of everything before them. Scanners for leaked secrets find
 * them by their form, and rule out by the checksum what only looks like one.
 */
public final class ChecksummedText {
  private static final int RANDOM_BYTES = 32;
  private static final int RANDOM_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  private final String prefix;
  private final int length;
  private final Pattern form;

  /**
   * The form with a prefix.
   *
   * @param prefix such as {@code err_}, without characters that mean something in a pattern
   */
  public ChecksummedText(String prefix) {
    this.prefix = prefix;
    this.length = prefix.length() + RANDOM_LENGTH + CHECKSUM_LENGTH;
    this.form = Pattern.compile(prefix + "[0-9A-Za-z]{" + (RANDOM_LENGTH + CHECKSUM_LENGTH) + "}");
  }

  public String random(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String head = prefix + base62(new BigInteger(1, bytes), RANDOM_LENGTH);
    return head + checksum(head);
  }

  /** Whether a text has this form, whatever its checksum is. */
  public boolean matches(String text) {
    return text.length() == length && form.matcher(text).matches();
  }

  /** Whether the checksum of a text in this form is right. */
  public boolean isWhole(String text) {
    int end = length - CHECKSUM_LENGTH;
    return text.substring(end).equals(checksum(text.substring(0, end)));
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
