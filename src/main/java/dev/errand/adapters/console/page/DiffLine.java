package dev.errand.adapters.console.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A line of a text that is compared with another one. */
public record DiffLine(Kind kind, String text) {
  /** The parts that differ are compared up to this length, since that is quadratic in time. */
  public static final int MOST_LINES = 1000;

  /** How a line has changed. */
  public enum Kind {
    /** It stays. */
    SAME,
    /** It is gone. */
    REMOVED,
    /** It is new. */
    ADDED,
    /** It stands for lines that stay and are not shown. */
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

  /** Whether it stands for lines that are not shown. */
  public boolean isLeftOut() {
    return kind == Kind.LEFT_OUT;
  }

  /**
   * The lines of both texts, with as many as possible that stay. Where the texts differ in more
   * than {@value #MOST_LINES} lines, from the first to the last difference, these are shown as
   * removed and added as a whole.
   */
  public static List<DiffLine> between(List<String> before, List<String> after) {
    int most = Math.min(before.size(), after.size());
    int begin = 0;
    while (begin < most && before.get(begin).equals(after.get(begin))) {
      begin++;
    }
    int end = 0;
    while (end < most - begin
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    List<DiffLine> lines = new ArrayList<>();
    before.subList(0, begin).forEach(line -> lines.add(new DiffLine(Kind.SAME, line)));
    addDifference(
        before.subList(begin, before.size() - end),
        after.subList(begin, after.size() - end),
        lines);
    before
        .subList(before.size() - end, before.size())
        .forEach(line -> lines.add(new DiffLine(Kind.SAME, line)));
    return lines;
  }

  /**
   * The lines that have changed, each with some that stay before and after it.
   *
   * @param around how many
   */
  public static List<DiffLine> changed(List<DiffLine> all, int around) {
    List<DiffLine> shown = new ArrayList<>();
    int left = 0;
    int lastChange = -around - 1;
    int nextChange = nextChange(all, 0);
    for (int i = 0; i < all.size(); i++) {
      if (i > nextChange) {
        lastChange = i - 1;
        nextChange = nextChange(all, i);
      }
      if (i - lastChange <= around || nextChange - i <= around) {
        addLeftOut(left, shown);
        left = 0;
        shown.add(all.get(i));
      } else {
        left++;
      }
    }
    addLeftOut(left, shown);
    return shown;
  }

  private static int nextChange(List<DiffLine> all, int from) {
    int next = from;
    while (next < all.size() && all.get(next).isSame()) {
      next++;
    }
    return next < all.size() ? next : Integer.MAX_VALUE;
  }

  private static void addLeftOut(int lines, List<DiffLine> shown) {
    if (lines > 0) {
      shown.add(
          new DiffLine(
              Kind.LEFT_OUT, lines == 1 ? "1 line stays" : Amounts.number(lines) + " lines stay"));
    }
  }

  private static void addDifference(List<String> before, List<String> after, List<DiffLine> lines) {
    if (before.size() > MOST_LINES || after.size() > MOST_LINES) {
      before.forEach(line -> lines.add(new DiffLine(Kind.REMOVED, line)));
      after.forEach(line -> lines.add(new DiffLine(Kind.ADDED, line)));
      return;
    }
    // Numbers are compared faster than long lines that begin alike.
    Map<String, Integer> numbers = new HashMap<>();
    int[] was = numbered(before, numbers);
    int[] is = numbered(after, numbers);
    int[][] common = common(was, is);
    int i = 0;
    int j = 0;
    while (i < was.length || j < is.length) {
      if (i < was.length && j < is.length && was[i] == is[j]) {
        lines.add(new DiffLine(Kind.SAME, before.get(i)));
        i++;
        j++;
      } else if (j == is.length || (i < was.length && common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new DiffLine(Kind.REMOVED, before.get(i)));
        i++;
      } else {
        lines.add(new DiffLine(Kind.ADDED, after.get(j)));
        j++;
      }
    }
  }

  private static int[] numbered(List<String> lines, Map<String, Integer> numbers) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(line, _ -> numbers.size()))
        .toArray();
  }

  /** The length of the longest common subsequence of both texts from each pair of lines on. */
  private static int[][] common(int[] before, int[] after) {
    int[][] common = new int[before.length + 1][after.length + 1];
    for (int i = before.length - 1; i >= 0; i--) {
      for (int j = after.length - 1; j >= 0; j--) {
        common[i][j] =
            before[i] == after[j]
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
