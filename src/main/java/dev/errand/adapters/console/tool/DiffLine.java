package dev.errand.adapters.console.tool;

import java.util.ArrayList;
import java.util.List;

/** A line of a text that is compared with another one. */
public record DiffLine(Kind kind, String text) {
  // Longer texts are shown as removed and added as a whole.
  private static final int MOST_LINES = 1000;

  /** How a line has changed. */
  public enum Kind {
    /** It stays. */
    SAME,
    /** It is gone. */
    REMOVED,
    /** It is new. */
    ADDED
  }

  /** Whether it stays. */
  public boolean isSame() {
    return kind == Kind.SAME;
  }

  /** Whether it is new. */
  public boolean isAdded() {
    return kind == Kind.ADDED;
  }

  /** The lines of both texts, with as many as possible that stay. */
  static List<DiffLine> between(List<String> before, List<String> after) {
    List<DiffLine> lines = new ArrayList<>();
    if (before.size() > MOST_LINES || after.size() > MOST_LINES) {
      before.forEach(line -> lines.add(new DiffLine(Kind.REMOVED, line)));
      after.forEach(line -> lines.add(new DiffLine(Kind.ADDED, line)));
      return lines;
    }
    int[][] common = common(before, after);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(new DiffLine(Kind.SAME, before.get(i)));
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new DiffLine(Kind.REMOVED, before.get(i)));
        i++;
      } else {
        lines.add(new DiffLine(Kind.ADDED, after.get(j)));
        j++;
      }
    }
    return lines;
  }

  /** The length of the longest common subsequence of both texts from each pair of lines on. */
  private static int[][] common(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
