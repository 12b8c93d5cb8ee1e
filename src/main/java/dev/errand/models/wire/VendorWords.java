package dev.errand.models.wire;

import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.LogMask;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a model's server says in an error, for the task's owner: bounded, and without the key, a
 * part of which some servers repeat.
 */
final class VendorWords {
  private static final int LONGEST = 300;
  private static final int LONGEST_READ = 4 * LONGEST;

  /** How many characters of the key, one after the other, are taken for a part of it. */
  private static final int PART = 6;

  private VendorWords() {}

  /**
   * The words of a message; empty where it has none.
   *
   * @param key the key that the server got; empty for none
   */
  static String of(String message, String key) {
    String said = WellFormed.cut(message.strip(), LONGEST_READ);
    String masked =
        Arrays.stream(said.split("(?<=\\s)|(?=\\s)"))
            .map(word -> hasPart(word, key) ? "…" : word)
            .collect(Collectors.joining());
    return WellFormed.cut(LogMask.masked(masked), LONGEST);
  }

  private static boolean hasPart(String word, String key) {
    if (word.contains("***")) {
      // The server has masked it in its own way.
      return true;
    }
    if (key.length() < PART) {
      return !key.isEmpty() && word.contains(key);
    }
    for (int i = 0; i + PART <= word.length(); i++) {
      if (key.contains(word.substring(i, i + PART))) {
        return true;
      }
    }
    return false;
  }
}
