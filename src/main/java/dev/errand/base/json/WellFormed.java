package dev.errand.base.json;

import java.nio.charset.StandardCharsets;

/** Text without lone surrogates, which neither UTF-8 nor PostgreSQL can hold. */
public final class WellFormed {
  private WellFormed() {}

  /** The text, each lone surrogate replaced by U+FFFD. */
  public static String text(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaced(text);
      }
    }
    return text;
  }

  /**
   * The text, or where it is too long its beginning and {@code …}.
   *
   * @param most how many UTF-16 units it may have, 1 or more
   */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text(text);
    }
    int end = most - 1;
    boolean isInPair = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
    return text(text.substring(0, isInPair ? end - 1 : end)) + "…";
  }

  /** The text as UTF-8. */
  public static byte[] bytes(String text) {
    return text(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String replaced(String text) {
    var fixed = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(fixed::appendCodePoint);
    return fixed.toString();
  }
}
