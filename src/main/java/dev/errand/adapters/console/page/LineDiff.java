package dev.errand.adapters.console.page;

import dev.errand.adapters.console.page.DiffLine.Kind;
import dev.errand.base.turn.FairPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The differences of two lists of lines. Where these are too many to compare each line with each
 * other one, lines that both have are the anchors, and what is between them is compared. Whatever
 * the lines are, the cost is about linear.
 */
final class LineDiff {
  // Comparing each line with each other one is quadratic: how many pairs at once, and in all.
  private static final int MOST_PAIRS_AT_ONCE = 1_000_000;
  private static final int MOST_PAIRS = 20_000_000;

  /** Which lines are anchors. */
  private enum Anchors {
    /** Those that each side has exactly once. */
    UNIQUE,
    /** The first of a kind with the first of that kind, the second with the second, and so on. */
    NTH,
    NONE
  }

  private final List<String> before;
  private final List<String> after;
  // Numbers are compared faster than long lines that begin alike.
  private final int[] was;
  private final int[] is;
  private final List<DiffLine> lines = new ArrayList<>();
  private int pairs = MOST_PAIRS;

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
    Map<String, Integer> numbers = new HashMap<>();
    was = numbered(before, numbers);
    is = numbered(after, numbers);
  }

  static List<DiffLine> between(List<String> before, List<String> after) {
    LineDiff diff = new LineDiff(before, after);
    diff.compare(0, before.size(), 0, after.size(), Anchors.UNIQUE);
    return diff.lines;
  }

  private static int[] numbered(List<String> lines, Map<String, Integer> numbers) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(line, _ -> numbers.size()))
        .toArray();
  }

  private void compare(int fromWas, int toWas, int fromIs, int toIs, Anchors anchors) {
    int begin = 0;
    int most = Math.min(toWas - fromWas, toIs - fromIs);
    while (begin < most && was[fromWas + begin] == is[fromIs + begin]) {
      begin++;
    }
    int end = 0;
    while (end < most - begin && was[toWas - 1 - end] == is[toIs - 1 - end]) {
      end++;
    }
    add(Kind.SAME, before.subList(fromWas, fromWas + begin));
    compareOther(fromWas + begin, toWas - end, fromIs + begin, toIs - end, anchors);
    add(Kind.SAME, before.subList(toWas - end, toWas));
  }

  private void compareOther(int fromWas, int toWas, int fromIs, int toIs, Anchors anchors) {
    long size = (long) (toWas - fromWas) * (toIs - fromIs);
    if (size > 0 && size <= Math.min(MOST_PAIRS_AT_ONCE, pairs)) {
      pairs -= (int) size;
      compareEach(fromWas, toWas, fromIs, toIs);
      return;
    }
    switch (size == 0 ? Anchors.NONE : anchors) {
      case UNIQUE -> compareBetween(fromWas, toWas, fromIs, toIs, true);
      case NTH -> compareBetween(fromWas, toWas, fromIs, toIs, false);
      case NONE -> {
        add(Kind.REMOVED, before.subList(fromWas, toWas));
        add(Kind.ADDED, after.subList(fromIs, toIs));
      }
    }
  }

  private void compareBetween(int fromWas, int toWas, int fromIs, int toIs, boolean isUnique) {
    Anchors next = isUnique ? Anchors.NTH : Anchors.NONE;
    int[] partners = partners(fromWas, toWas, fromIs, toIs, isUnique);
    keepLongestRise(partners);
    int nextWas = fromWas;
    int nextIs = fromIs;
    for (int i = 0; i < partners.length; i++) {
      if (partners[i] >= 0) {
        compare(nextWas, fromWas + i, nextIs, partners[i], next);
        lines.add(new DiffLine(Kind.SAME, before.get(fromWas + i)));
        nextWas = fromWas + i + 1;
        nextIs = partners[i] + 1;
      }
    }
    compare(nextWas, toWas, nextIs, toIs, next);
  }

  /** For each line of before, the place in after of the line that it could be; -1 for none. */
  private int[] partners(int fromWas, int toWas, int fromIs, int toIs, boolean isUnique) {
    Map<Integer, Integer> places = new HashMap<>();
    int[] nextPlace = new int[toIs - fromIs];
    for (int j = toIs - 1; j >= fromIs; j--) {
      Integer later = places.put(is[j], j);
      nextPlace[j - fromIs] = later == null ? -1 : later;
    }
    Map<Integer, Integer> counts = new HashMap<>();
    if (isUnique) {
      for (int i = fromWas; i < toWas; i++) {
        counts.merge(was[i], 1, Integer::sum);
      }
    }
    int[] partners = new int[toWas - fromWas];
    for (int i = fromWas; i < toWas; i++) {
      int place = places.getOrDefault(was[i], -1);
      int later = place < 0 ? -1 : nextPlace[place - fromIs];
      boolean isAnchor = !isUnique || (later < 0 && counts.getOrDefault(was[i], 0) == 1);
      partners[i - fromWas] = isAnchor ? place : -1;
      places.put(was[i], later);
    }
    return partners;
  }

  /** Keeps as many numbers as possible that rise, and makes the others -1. */
  private static void keepLongestRise(int[] numbers) {
    // Where the lowest end of a rise of each length is.
    int[] ends = new int[numbers.length];
    int[] previous = new int[numbers.length];
    int longest = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        continue;
      }
      int low = 0;
      int high = longest;
      while (low < high) {
        int middle = (low + high) / 2;
        if (numbers[ends[middle]] < numbers[i]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : ends[low - 1];
      ends[low] = i;
      longest = Math.max(longest, low + 1);
    }
    int[] kept = new int[numbers.length];
    Arrays.fill(kept, -1);
    for (int i = longest == 0 ? -1 : ends[longest - 1]; i >= 0; i = previous[i]) {
      kept[i] = numbers[i];
    }
    System.arraycopy(kept, 0, numbers, 0, kept.length);
  }

  private void compareEach(int fromWas, int toWas, int fromIs, int toIs) {
    int[][] common = common(fromWas, toWas, fromIs, toIs);
    int i = fromWas;
    int j = fromIs;
    while (i < toWas || j < toIs) {
      if (i < toWas && j < toIs && was[i] == is[j]) {
        lines.add(new DiffLine(Kind.SAME, before.get(i)));
        i++;
        j++;
      } else if (j == toIs
          || (i < toWas
              && common[i + 1 - fromWas][j - fromIs] >= common[i - fromWas][j + 1 - fromIs])) {
        lines.add(new DiffLine(Kind.REMOVED, before.get(i)));
        i++;
      } else {
        lines.add(new DiffLine(Kind.ADDED, after.get(j)));
        j++;
      }
    }
  }

  /** The length of the longest common subsequence of both from each pair of lines on. */
  private int[][] common(int fromWas, int toWas, int fromIs, int toIs) {
    int[][] common = new int[toWas - fromWas + 1][toIs - fromIs + 1];
    for (int i = toWas - fromWas - 1; i >= 0; i--) {
      FairPool.check();
      for (int j = toIs - fromIs - 1; j >= 0; j--) {
        common[i][j] =
            was[fromWas + i] == is[fromIs + j]
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private void add(Kind kind, List<String> texts) {
    texts.forEach(text -> lines.add(new DiffLine(kind, text)));
  }
}
