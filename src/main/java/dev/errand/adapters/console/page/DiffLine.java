package dev.errand.adapters.console.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A line of a text that is compared with another one. */
public record DiffLine(Kind kind, String text) {
  /** How a line has changed. */
  public enum Kind {
    /** It stays. */
    SAME,
    /** It is gone. */
    REMOVED,
    /** It is new. */
    ADDED,
    /** It stands for lines that are not shown. */
    LEFT_OUT
  }

  /** Whether it stays. */
  public boolean isSame() {
    return kind == Kind.SAME;
  }

  /** Whether it is new. */
  public boolean isAdded() {
    return kind == Kind.ADDED;
  }

  /** Whether it is gone. */
  public boolean isRemoved() {
    return kind == Kind.REMOVED;
  }

  /** Whether it stands for lines that are not shown. */
  public boolean isLeftOut() {
    return kind == Kind.LEFT_OUT;
  }

  /**
   * The lines of both texts, with as many as possible that stay. Of texts that differ in very many
   * lines fewer may stay, so that the cost is bounded.
   */
  public static List<DiffLine> between(List<String> before, List<String> after) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] was = numbered(before, numbers);
    int[] is = numbered(after, numbers);
    LineDiff.Common common = LineDiff.of(was, is, numbers.size());
    List<DiffLine> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < was.length || j < is.length) {
      if (i < was.length && !common.was().get(i)) {
        lines.add(new DiffLine(Kind.REMOVED, before.get(i++)));
      } else if (j < is.length && !common.is().get(j)) {
        lines.add(new DiffLine(Kind.ADDED, after.get(j++)));
      } else {
        lines.add(new DiffLine(Kind.SAME, before.get(i++)));
        j++;
      }
    }
    return lines;
  }

  private static int[] numbered(List<String> lines, Map<String, Integer> numbers) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(line, _ -> numbers.size()))
        .toArray();
  }

  /** A line that stands for others. */
  public static DiffLine leftOut(String text) {
    return new DiffLine(Kind.LEFT_OUT, text);
  }

  /** A line that stands for so many that stay. */
  public static DiffLine leftOut(int lines) {
    return leftOut(lines == 1 ? "1 line stays" : Amounts.number(lines) + " lines stay");
  }
}
