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
