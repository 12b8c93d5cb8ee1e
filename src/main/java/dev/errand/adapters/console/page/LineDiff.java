package dev.errand.adapters.console.page;

import dev.errand.base.turn.FairPool;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The differences of two lists of lines. Where these are too many to compare each line with each
 * other one, lines that both have are the anchors, and what is between them is compared. Whatever
 * the lines are, the cost is about linear.
 *
 * <p>Lines are numbers here, equal ones the same: these are compared faster than texts, and texts
 * that have a letter in each line take no more memory than others.
 */
public final class LineDiff {
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

  private final int[] was;
  private final int[] is;
  // By number: where a line of it is next, and how many there are.
  private final int[] places;
  private final int[] counts;
  private final BitSet wasStays = new BitSet();
  private final BitSet isStays = new BitSet();
  private int pairs = MOST_PAIRS;

  private LineDiff(int[] was, int[] is, int kinds) {
    this.was = was;
    this.is = is;
    places = new int[kinds];
    Arrays.fill(places, -1);
    counts = new int[kinds];
  }

  /**
   * The lines that stay, as many of both, and in the same order.
   *
   * @param was the places of those in the first list
   * @param is the places of those in the second one
   */
  public record Common(BitSet was, BitSet is) {}

  /**
   * Compares two lists.
   *
   * @param was the lines of the first one, each a number from 0
   * @param kinds how many numbers there are
   */
  public static Common of(int[] was, int[] is, int kinds) {
    LineDiff diff = new LineDiff(was, is, kinds);
    diff.compare(0, was.length, 0, is.length, Anchors.UNIQUE);
    return new Common(diff.wasStays, diff.isStays);
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
    stay(fromWas, fromIs, begin);
    compareOther(fromWas + begin, toWas - end, fromIs + begin, toIs - end, anchors);
    stay(toWas - end, toIs - end, end);
  }

  private void stay(int fromWas, int fromIs, int count) {
    wasStays.set(fromWas, fromWas + count);
    isStays.set(fromIs, fromIs + count);
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
        // None of these stays.
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
        stay(fromWas + i, partners[i], 1);
        nextWas = fromWas + i + 1;
        nextIs = partners[i] + 1;
      }
    }
    compare(nextWas, toWas, nextIs, toIs, next);
  }

  /** For each line of the first list, the place in the second that it could have; -1 for none. */
  private int[] partners(int fromWas, int toWas, int fromIs, int toIs, boolean isUnique) {
    int[] nextPlace = new int[toIs - fromIs];
    for (int j = toIs - 1; j >= fromIs; j--) {
      nextPlace[j - fromIs] = places[is[j]];
      places[is[j]] = j;
    }
    for (int i = fromWas; i < toWas; i++) {
      counts[was[i]]++;
    }
    int[] partners = new int[toWas - fromWas];
    for (int i = fromWas; i < toWas; i++) {
      int place = places[was[i]];
      int later = place < 0 ? -1 : nextPlace[place - fromIs];
      boolean isAnchor = !isUnique || (later < 0 && counts[was[i]] == 1);
      partners[i - fromWas] = isAnchor ? place : -1;
      places[was[i]] = later;
    }
    for (int i = fromWas; i < toWas; i++) {
      places[was[i]] = -1;
      counts[was[i]] = 0;
    }
    for (int j = fromIs; j < toIs; j++) {
      places[is[j]] = -1;
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
    int kept = longest == 0 ? -1 : ends[longest - 1];
    for (int i = numbers.length - 1; i >= 0; i--) {
      if (i == kept) {
        kept = previous[i];
      } else {
        numbers[i] = -1;
      }
    }
  }

  private void compareEach(int fromWas, int toWas, int fromIs, int toIs) {
    BitSet without = withoutFirst(fromWas, toWas, fromIs, toIs);
    int i = fromWas;
    int j = fromIs;
    while (i < toWas && j < toIs) {
      if (was[i] == is[j]) {
        stay(i, j, 1);
        i++;
        j++;
      } else if (without.get((i - fromWas) * (toIs - fromIs) + j - fromIs)) {
        i++;
      } else {
        j++;
      }
    }
  }

  /**
   * For each pair of lines, row by row, whether what follows has as long a common subsequence
   * without the first of the two as without the second.
   */
  private BitSet withoutFirst(int fromWas, int toWas, int fromIs, int toIs) {
    int width = toIs - fromIs;
    BitSet without = new BitSet((toWas - fromWas) * width);
    // The lengths of the longest common subsequences from a line of the first list on.
    int[] common = new int[width + 1];
    int[] next = new int[width + 1];
    for (int i = toWas - fromWas - 1; i >= 0; i--) {
      FairPool.check();
      int[] row = next;
      next = common;
      common = row;
      for (int j = width - 1; j >= 0; j--) {
        if (was[fromWas + i] == is[fromIs + j]) {
          common[j] = next[j + 1] + 1;
        } else if (next[j] >= common[j + 1]) {
          common[j] = next[j];
          without.set(i * width + j);
        } else {
          common[j] = common[j + 1];
        }
      }
    }
    return without;
  }
}
