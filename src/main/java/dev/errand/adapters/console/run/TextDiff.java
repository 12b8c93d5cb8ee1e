package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.DiffLine;
import dev.errand.adapters.console.page.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The differences of two texts of any length, line by line.
 *
 * @param isEmpty whether both are empty
 * @param isSame whether they are the same, as far as they were compared
 * @param lines the lines that differ, with a few around each, as many as a page has room for
 * @param isCut whether only the beginning of a longer text was compared
 * @param isWhole whether all the lines that differ are shown
 */
public record TextDiff(
    boolean isEmpty, boolean isSame, List<DiffLine> lines, boolean isCut, boolean isWhole) {
  /** How many characters of each text are compared. */
  public static final int COMPARED = 100_000;

  private static final int AROUND = 3;
  private static final int LONG_LINE = 200;
  // What the markup of a line adds to it.
  private static final int PER_LINE = 20;
  private static final int LONGEST_LINE = 1000;
  private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?;])\\s+");

  /**
   * Compares two texts. A long line is compared sentence by sentence.
   *
   * @param most how many characters are shown
   */
  static TextDiff of(String before, String after, int most) {
    return of(
        lines(before), lines(after), most, Math.max(before.length(), after.length()) > COMPARED);
  }

  /**
   * Compares two lists.
   *
   * @param most how many characters are shown
   * @param isCut whether they are the beginnings of longer ones
   */
  static TextDiff of(List<String> before, List<String> after, int most, boolean isCut) {
    if (before.equals(after)) {
      return new TextDiff(before.isEmpty(), true, List.of(), isCut, true);
    }
    List<DiffLine> changed = DiffLine.changed(DiffLine.between(before, after), AROUND);
    List<DiffLine> shown = new ArrayList<>();
    int left = most;
    boolean isWhole = true;
    for (DiffLine line : changed) {
      String text = Excerpt.of(line.text(), LONGEST_LINE);
      isWhole &= text.length() <= LONGEST_LINE;
      left -= written(text) + PER_LINE;
      if (left < 0) {
        return new TextDiff(false, false, shown, isCut, false);
      }
      shown.add(new DiffLine(line.kind(), text));
    }
    return new TextDiff(false, false, shown, isCut, isWhole);
  }

  private static List<String> lines(String text) {
    return Excerpt.of(text, COMPARED).lines().flatMap(TextDiff::sentences).toList();
  }

  private static Stream<String> sentences(String line) {
    return line.length() <= LONG_LINE ? Stream.of(line) : SENTENCES.splitAsStream(line);
  }

  // Some characters are written as several in HTML.
  private static int written(String text) {
    return text.length() + 4 * (int) text.chars().filter(c -> "<>&\"'".indexOf(c) >= 0).count();
  }
}
