package dev.errand.adapters.console.page;

import java.util.ArrayList;
import java.util.List;

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
    return LineDiff.between(before, after);
  }

  /** A line that stands for others. */
  public static DiffLine leftOut(String text) {
    return new DiffLine(Kind.LEFT_OUT, text);
  }

  /**
   * The lines that have changed, each with some that stay before and after it.
   *
   * @param around how many
   * @param earlier how many lines stay before all of these
   * @param later how many lines stay after all of these
   */
  public static List<DiffLine> changed(List<DiffLine> all, int around, int earlier, int later) {
    List<DiffLine> shown = new ArrayList<>();
    int left = earlier;
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
    addLeftOut(left + later, shown);
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
      shown.add(leftOut(lines == 1 ? "1 line stays" : Amounts.number(lines) + " lines stay"));
    }
  }
}
