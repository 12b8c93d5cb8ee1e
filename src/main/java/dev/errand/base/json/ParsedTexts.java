package dev.errand.base.json;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * A bounded cache of what short texts parse to, for texts that are parsed again and again. A value
 * depends on its text alone, so it never becomes stale; it must be immutable.
 */
public final class ParsedTexts<T> {
  private static final int MOST_TEXTS = 512;
  private static final int LONGEST_TEXT = 4096;

  private final ConcurrentMap<String, T> parsed = new ConcurrentHashMap<>();

  /**
   * What a text parses to.
   *
   * @param parser parses it where that is not known; what it throws is not kept
   */
  public T of(String text, Function<String, T> parser) {
    T known = parsed.get(text);
    if (known != null) {
      return known;
    }
    T value = parser.apply(text);
    if (text.length() <= LONGEST_TEXT) {
      if (parsed.size() >= MOST_TEXTS) {
        parsed.clear();
      }
      parsed.put(text, value);
    }
    return value;
  }
}
