package dev.errand.base.json;

import java.nio.charset.StandardCharsets;

/**
 * Text without lone surrogates, which neither UTF-8 nor PostgreSQL can hold: they are replaced, and
 * no text is cut within a pair. Lengths are in UTF-16 units.
 */
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
    return text(beginning(text, most - 1)) + "…";
  }

  /**
   * The text, or where it is too long its first units and {@code …}, which is one more.
   *
   * @param most how many units of it at most, 0 or more
   */
  public static String excerpt(String text, int most) {
    return text.length() <= most ? text : beginning(text, most) + "…";
  }

  /**
   * The first units of a text.
   *
   * @param most how many at most, 0 or more
   */
  public static String beginning(String text, int most) {
    return text.length() <= most ? text : text.substring(0, boundary(text, most));
  }

  /** A place in a text, or the one before it where it is within a pair of surrogates. */
  public static int boundary(CharSequence text, int at) {
    return at > 0 && Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
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
