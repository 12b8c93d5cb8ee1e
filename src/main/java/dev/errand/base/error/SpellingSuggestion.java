package dev.errand.base.error;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name nearest to a misspelt one, for "did you mean …?". */
public final class SpellingSuggestion {
  /** Longer names are not compared: the effort grows with the square of the length. */
  private static final int LONGEST = 64;

  private SpellingSuggestion() {}

  /**
   * The known name nearest to another: in other case, with its words in another order or written
   * together, or with a few letters wrong.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    if (name.isEmpty() || name.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(other -> distance(name, other) <= Math.max(1, letters(name).length() / 3))
        .min(
            Comparator.<String>comparingInt(other -> distance(name, other))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The known name that consists of all words of another and the fewest more. */
  public static Optional<String> containing(String name, Collection<String> known) {
    List<String> wanted = wordList(name);
    return known.stream()
        .filter(other -> wordList(other).containsAll(wanted) && !wanted.contains(""))
        .min(
            Comparator.<String>comparingInt(other -> wordList(other).indexOf(wanted.getFirst()))
                .thenComparingInt(other -> wordList(other).size())
                .thenComparing(Comparator.naturalOrder()));
  }

  private static int distance(String name, String other) {
    if (other.length() > LONGEST) {
      return Integer.MAX_VALUE;
    }
    return words(name).equals(words(other)) ? 0 : edits(letters(name), letters(other));
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_./ ]", "");
  }

  private static List<String> wordList(String name) {
    return List.of(name.toLowerCase(Locale.ROOT).split("[-_./ ]"));
  }

  private static String words(String name) {
    String[] words = name.toLowerCase(Locale.ROOT).split("[-_./ ]");
    Arrays.sort(words);
    return String.join(" ", words);
  }

  /** How many letters must be added, removed, replaced or swapped with the next. */
  private static int edits(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, from, to, i, j);
      }
    }
    return edits[from.length()][to.length()];
  }

  private static int step(int[][] edits, String from, String to, int i, int j) {
    int replaced = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
  }
}
