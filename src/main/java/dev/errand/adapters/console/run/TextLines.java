package dev.errand.adapters.console.run;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The lines of a part of a text, where they are in it: a text for each would take thirty times its
 * letter. Of a long line, each sentence is one.
 */
final class TextLines {
  private static final int LONG_LINE = 200;

  private final String text;
  private final int mostLines;
  private int[] starts;
  private int[] ends;
  private int size;
  private boolean isCut;

  private TextLines(String text, int mostLines, int expected) {
    this.text = text;
    this.mostLines = mostLines;
    this.starts = new int[expected];
    this.ends = new int[expected];
  }

  /**
   * The lines of a part of a text.
   *
   * @param from where it begins
   * @param to where it ends
   * @param most how many lines of it at most; the rest is left out
   */
  static TextLines of(String text, int from, int to, int most) {
    int breaks = 0;
    for (int at = from; at < to && breaks < most; at++) {
      breaks += text.charAt(at) == '\n' ? 1 : 0;
    }
    TextLines lines = new TextLines(text, most, Math.min(most, breaks + 1));
    int start = from;
    while (start < to && !lines.isCut) {
      int found = text.indexOf('\n', start, to);
      int end = found < 0 ? to : found;
      boolean isOfWindows = found > start && text.charAt(found - 1) == '\r';
      lines.addLine(start, isOfWindows ? end - 1 : end);
      start = end + 1;
    }
    return lines;
  }

  private void addLine(int start, int end) {
    int from = start;
    if (end - start > LONG_LINE) {
      for (int at = start + 1; at < end; at++) {
        if (isBlank(text.charAt(at)) && isEndOfSentence(text.charAt(at - 1))) {
          int next = at + 1;
          while (next < end && isBlank(text.charAt(next))) {
            next++;
          }
          add(from, at);
          if (next == end) {
            return;
          }
          from = next;
          at = next;
        }
      }
    }
    add(from, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isEndOfSentence(char c) {
    return c == '.' || c == '!' || c == '?' || c == ';';
  }

  private void add(int start, int end) {
    if (size == mostLines) {
      isCut = true;
      return;
    }
    if (size == starts.length) {
      int longer = Math.min(mostLines, 2 * size);
      starts = Arrays.copyOf(starts, longer);
      ends = Arrays.copyOf(ends, longer);
    }
    starts[size] = start;
    ends[size] = end;
    size++;
  }

  int size() {
    return size;
  }

  /** Whether there are more lines, which were left out. */
  boolean isCut() {
    return isCut;
  }

  String line(int number) {
    return text.substring(starts[number], ends[number]);
  }

  /** The lines of two texts as numbers, equal ones by the same. */
  static Numbers numbers(TextLines before, TextLines after) {
    return new Numbers(before, after);
  }

  /** Numbers the lines of two texts. */
  static final class Numbers {
    private final TextLines before;
    private final TextLines after;
    private final int[] was;
    private final int[] is;
    // The first line of each number; those of the second text are behind those of the first.
    private final int[] first;
    private int count;

    private Numbers(TextLines before, TextLines after) {
      this.before = before;
      this.after = after;
      int all = before.size + after.size;
      first = new int[all];
      // One more than a number each, 0 where none is. At most half of it is used.
      int[] table = new int[Integer.highestOneBit(Math.max(1, all)) << 2];
      // Whoever writes the texts can't know which lines share a place.
      long factor = ThreadLocalRandom.current().nextLong() | 1;
      was = numbered(before, 0, table, factor);
      is = numbered(after, before.size, table, factor);
    }

    int[] was() {
      return was;
    }

    int[] is() {
      return is;
    }

    /** How many numbers there are. */
    int count() {
      return count;
    }

    private int[] numbered(TextLines lines, int offset, int[] table, long factor) {
      int[] numbers = new int[lines.size];
      for (int i = 0; i < lines.size; i++) {
        int place = lines.hash(i, factor) & (table.length - 1);
        while (table[place] != 0 && !isFirst(table[place] - 1, lines, i)) {
          place = (place + 1) & (table.length - 1);
        }
        if (table[place] == 0) {
          first[count] = offset + i;
          count++;
          table[place] = count;
        }
        numbers[i] = table[place] - 1;
      }
      return numbers;
    }

    private boolean isFirst(int number, TextLines lines, int line) {
      int at = first[number];
      return at < before.size
          ? before.isSame(at, lines, line)
          : after.isSame(at - before.size, lines, line);
    }
  }

  private int hash(int line, long factor) {
    long hash = factor;
    for (int at = starts[line]; at < ends[line]; at++) {
      hash = hash * factor + text.charAt(at);
    }
    hash *= 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> 32);
  }

  private boolean isSame(int line, TextLines others, int other) {
    int length = ends[line] - starts[line];
    return length == others.ends[other] - others.starts[other]
        && text.regionMatches(starts[line], others.text, others.starts[other], length);
  }
}
