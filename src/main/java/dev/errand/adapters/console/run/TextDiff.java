package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.DiffLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.LineDiff;
import dev.errand.base.json.WellFormed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The differences of two texts of any length, line by line.
 *
 * @param isEmpty whether both are empty
 * @param isSame whether they are the same, as far as they were compared
 * @param lines the lines that differ, with a few around each, as many as a page has room for
 * @param isCut whether not all of a long text was compared
 * @param isWhole whether all the lines that differ are shown
 */
public record TextDiff(
    boolean isEmpty, boolean isSame, List<DiffLine> lines, boolean isCut, boolean isWhole) {
  /** How many characters of each text are compared line by line, from the first difference on. */
  public static final int COMPARED = 500_000;

  /** How many lines of these at most. */
  public static final int COMPARED_LINES = 30_000;

  private static final int AROUND = 3;
  // How much is kept of what both begin and end with, to show lines around a difference.
  private static final int KEPT = 4000;
  // What the markup of a line adds to it.
  private static final int PER_LINE = 20;
  private static final int LONGEST_LINE = 700;

  // Bytes of heap, as the test measures them: for what is shown, for a line of either text, and for
  // a character of it, since a long line is copied where it is shown.
  private static final int HEAP = 1 << 18;
  private static final int HEAP_PER_LINE = 72;
  private static final int HEAP_PER_CHARACTER = 2;

  /**
   * A text that is compared.
   *
   * @param raw as it is compared
   * @param visible writes a part of it so that a person sees all of it
   */
  record Text(String raw, UnaryOperator<String> visible) {}

  /** The most bytes of heap that a comparison takes beside a text of so many characters. */
  static long heap(long characters) {
    long compared = Math.min(COMPARED, characters);
    return HEAP
        + HEAP_PER_LINE * Math.min(COMPARED_LINES, compared)
        + HEAP_PER_CHARACTER * compared;
  }

  /** As the other, of texts that are shown as they are. */
  static TextDiff of(String before, String after, int most) {
    return of(
        new Text(before, UnaryOperator.identity()),
        new Text(after, UnaryOperator.identity()),
        most);
  }

  /** As the other, of whole texts. */
  static TextDiff of(Text first, Text second, int most) {
    return of(first, second, most, false);
  }

  /**
   * Compares two texts. A long line is compared sentence by sentence.
   *
   * @param most how many characters are shown
   * @param areBeginnings whether they are the beginnings of longer ones
   */
  static TextDiff of(Text first, Text second, int most, boolean areBeginnings) {
    String before = first.raw;
    String after = second.raw;
    if (before.equals(after)) {
      return new TextDiff(before.isEmpty(), true, List.of(), areBeginnings, true);
    }
    // Only what is between the lines that both begin and end with is compared line by line.
    int begin = commonBegin(before, after);
    int end = commonEnd(before, after, begin);
    int tail = before.length() - end;
    int skipped = begin <= KEPT ? 0 : before.indexOf('\n', begin - KEPT - 1) + 1;
    int kept = end <= KEPT ? before.length() : before.lastIndexOf('\n', tail + KEPT) + 1;
    TextLines was = compared(before, begin, tail);
    TextLines is = compared(after, begin, after.length() - end);
    boolean isLeftOut =
        Math.max(tail, after.length() - end) - begin > COMPARED || was.isCut() || is.isCut();
    boolean isCut = isLeftOut || areBeginnings;
    TextLines.Numbers numbers = TextLines.numbers(was, is);
    LineDiff.Common common = LineDiff.of(numbers.was(), numbers.is(), numbers.count());
    // Behind the last common line, the texts were cut at different places.
    boolean isUpToLastSame = (isLeftOut || (areBeginnings && end == 0)) && !common.was().isEmpty();
    int toWas = isUpToLastSame ? common.was().length() : was.size();
    int toIs = isUpToLastSame ? common.is().length() : is.size();
    if (common.was().nextClearBit(0) >= toWas && common.is().nextClearBit(0) >= toIs) {
      return new TextDiff(false, false, List.of(), isCut, true);
    }
    ShownLines shown = new ShownLines(most, LONGEST_LINE);
    Lines wasLines = new Lines(was::line, first.visible);
    Lines isLines = new Lines(is::line, second.visible);
    shown.leaveOut(countLines(before, 0, skipped));
    shown.addSame(before, skipped, begin, first.visible);
    int i = 0;
    int j = 0;
    while ((i < toWas || j < toIs) && shown.hasRoom()) {
      int sameFrom = i;
      while (i < toWas && j < toIs && common.was().get(i) && common.is().get(j)) {
        i++;
        j++;
      }
      shown.addSame(wasLines, sameFrom, i);
      int goneFrom = i;
      int newFrom = j;
      i = next(common.was(), i, toWas);
      j = next(common.is(), j, toIs);
      shown.addChange(wasLines, goneFrom, i, isLines, newFrom, j);
    }
    if (!isCut) {
      shown.addSame(before, tail, kept, first.visible);
      shown.leaveOut(countLines(before, kept, before.length()));
    }
    return shown.diff(isCut);
  }

  private static int next(BitSet stays, int from, int to) {
    int next = stays.nextSetBit(from);
    return next < 0 ? to : Math.min(next, to);
  }

  private static TextLines compared(String text, int from, int to) {
    int most = to - from <= COMPARED ? to : WellFormed.boundary(text, from + COMPARED);
    return TextLines.of(text, from, most, COMPARED_LINES);
  }

  /**
   * Compares two lists.
   *
   * @param all the lines of both
   * @param visible writes a part of a line so that a person sees all of it
   * @param most how many characters are shown
   * @param longest how many characters of a line are shown
   * @param isCut whether they are the beginnings of longer ones
   */
  static TextDiff of(
      List<DiffLine> all, UnaryOperator<String> visible, int most, int longest, boolean isCut) {
    if (all.stream().allMatch(DiffLine::isSame)) {
      return new TextDiff(all.isEmpty(), true, List.of(), isCut, true);
    }
    ShownLines shown = new ShownLines(most, longest);
    int at = 0;
    while (at < all.size() && shown.hasRoom()) {
      int end = at;
      while (end < all.size() && all.get(end).isSame() == all.get(at).isSame()) {
        end++;
      }
      List<DiffLine> part = all.subList(at, end);
      if (part.getFirst().isSame()) {
        shown.addSame(lines(part, visible), 0, part.size());
      } else {
        List<DiffLine> gone = part.stream().filter(DiffLine::isRemoved).toList();
        List<DiffLine> added = part.stream().filter(DiffLine::isAdded).toList();
        shown.addChange(
            lines(gone, visible), 0, gone.size(), lines(added, visible), 0, added.size());
      }
      at = end;
    }
    return shown.diff(isCut);
  }

  private static Lines lines(List<DiffLine> lines, UnaryOperator<String> visible) {
    return new Lines(number -> lines.get(number).text(), visible);
  }

  private static int commonBegin(String before, String after) {
    return before.lastIndexOf('\n', commonLength(before, after) - 1) + 1;
  }

  private static int commonEnd(String before, String after, int begin) {
    int most = Math.min(before.length(), after.length()) - begin;
    int end = 0;
    while (end < most
        && before.charAt(before.length() - 1 - end) == after.charAt(after.length() - 1 - end)) {
      end++;
    }
    while (end > 0
        && !(isLineStart(before, before.length() - end)
            && isLineStart(after, after.length() - end))) {
      end--;
    }
    return end;
  }

  private static boolean isLineStart(String text, int at) {
    return at == 0 || text.charAt(at - 1) == '\n';
  }

  private static int commonLength(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int length = 0;
    while (length < most && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }

  private static int countLines(String text, int from, int to) {
    boolean isOpen = to > from && text.charAt(to - 1) != '\n';
    int breaks = 0;
    for (int at = from; at < to; at++) {
      breaks += text.charAt(at) == '\n' ? 1 : 0;
    }
    return breaks + (isOpen ? 1 : 0);
  }

  /** Lines of a text, each read where it is shown. */
  private record Lines(IntFunction<String> line, UnaryOperator<String> visible) {
    // All of a line that is not too long, as it is shown; else as it is.
    private String text(int number, int longest) {
      String text = line.apply(number);
      return text.length() <= longest ? visible.apply(text) : text;
    }
  }

  /**
   * The lines that are shown, and the room that is left for further ones. However many lines there
   * are, no more texts are made of them than there is room for.
   */
  private static final class ShownLines {
    private final List<DiffLine> shown = new ArrayList<>();
    // The last ones that stay, which are shown where a change follows.
    private final Deque<String> before = new ArrayDeque<>();
    private final int longest;
    private long left;
    private int stay;
    // How many more are shown, since they follow a change.
    private int after;
    private boolean isWhole = true;
    private boolean isShortened;

    private ShownLines(int most, int longest) {
      this.left = most;
      this.longest = longest;
    }

    private boolean hasRoom() {
      return isWhole;
    }

    private TextDiff diff(boolean isCut) {
      leaveOut(before.size());
      before.clear();
      addLeftOut();
      return new TextDiff(false, false, shown, isCut, isWhole && !isShortened);
    }

    /** Counts lines that stay, and that are far from any change. */
    private void leaveOut(int lines) {
      stay += lines;
    }

    private void addSame(String text, int from, int to, UnaryOperator<String> visible) {
      TextLines lines = TextLines.of(text, from, to, Integer.MAX_VALUE);
      addSame(new Lines(lines::line, visible), 0, lines.size());
    }

    private void addSame(Lines lines, int from, int to) {
      int at = from;
      while (at < to && after > 0 && isWhole) {
        addUnchanged(same(lines, at));
        after--;
        at++;
      }
      if (to - at > AROUND) {
        leaveOut(before.size() + to - at - AROUND);
        before.clear();
        at = to - AROUND;
      }
      while (at < to) {
        before.add(same(lines, at));
        at++;
      }
      while (before.size() > AROUND) {
        before.remove();
        leaveOut(1);
      }
    }

    private String same(Lines lines, int number) {
      String text = lines.text(number, longest);
      return text.length() <= longest ? text : excerpt(text, 0, lines.visible);
    }

    private void addUnchanged(String text) {
      add(List.of(new DiffLine(DiffLine.Kind.SAME, text)), left);
    }

    private void addLeftOut() {
      if (stay > 0 && isWhole) {
        add(List.of(DiffLine.leftOut(stay)), left);
        stay = 0;
      }
    }

    private void addChange(Lines gone, int fromGone, int toGone, Lines added, int from, int to) {
      if (fromGone == toGone && from == to) {
        return;
      }
      addLeftOut();
      while (isWhole && !before.isEmpty()) {
        addUnchanged(before.remove());
      }
      if (!isWhole) {
        return;
      }
      after = AROUND;
      List<DiffLine> removed =
          excerpts(DiffLine.Kind.REMOVED, gone, fromGone, toGone, added, from, to);
      List<DiffLine> others =
          excerpts(DiffLine.Kind.ADDED, added, from, to, gone, fromGone, toGone);
      // Neither side takes the room of the other one.
      addSide(removed, toGone - fromGone, Math.max(left / 2, left - taken(others)), "removed");
      addSide(others, to - from, left, "added");
    }

    private void addSide(List<DiffLine> lines, int all, long most, String what) {
      int more = all - add(lines, most);
      if (more > 0) {
        shown.add(
            DiffLine.leftOut(
                "%s more %s %s"
                    .formatted(Amounts.number(more), more == 1 ? "line" : "lines", what)));
      }
    }

    /** Adds lines while there is room for them, and says how many. */
    private int add(List<DiffLine> lines, long most) {
      long mine = most;
      int count = 0;
      for (DiffLine line : lines) {
        long taken = taken(line);
        if (taken > mine) {
          isWhole = false;
          return count;
        }
        mine -= taken;
        left -= taken;
        shown.add(line);
        count++;
      }
      return count;
    }

    // As many as there is room for, and one more where there are more. A long line is shown from
    // shortly before where it differs from the one in its place.
    private List<DiffLine> excerpts(
        DiffLine.Kind kind, Lines lines, int from, int to, Lines others, int start, int end) {
      List<DiffLine> excerpts = new ArrayList<>();
      long room = left;
      for (int number = from; number < to && room >= 0; number++) {
        String text = lines.text(number, longest);
        if (text.length() > longest) {
          isShortened = true;
          int other = start + number - from;
          int common = other < end ? commonLength(text, others.text(other, longest)) : 0;
          text = excerpt(text, common, lines.visible);
        }
        DiffLine line = new DiffLine(kind, text);
        excerpts.add(line);
        room -= taken(line);
      }
      return excerpts;
    }

    private String excerpt(String text, int common, UnaryOperator<String> visible) {
      int from = common <= longest / 2 ? 0 : WellFormed.boundary(text, common - longest / 4);
      // One character more, so that it is marked as cut.
      String part = text.substring(from, Math.min(text.length(), from + longest + 1));
      return (from == 0 ? "" : "…") + Excerpt.of(visible.apply(part), longest);
    }

    private static long taken(List<DiffLine> lines) {
      return lines.stream().mapToLong(ShownLines::taken).sum();
    }

    // Some characters are written as several in HTML.
    private static long taken(DiffLine line) {
      return PER_LINE
          + line.text().length()
          + 4 * line.text().chars().filter(c -> "<>&\"'".indexOf(c) >= 0).count();
    }
  }
}
