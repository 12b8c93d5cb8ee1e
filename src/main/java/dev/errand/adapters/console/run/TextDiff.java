package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.DiffLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.WellFormed;
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
 * @param isCut whether not all of a long text was compared
 * @param isWhole whether all the lines that differ are shown
 */
public record TextDiff(
    boolean isEmpty, boolean isSame, List<DiffLine> lines, boolean isCut, boolean isWhole) {
  /** How many characters of each text are compared line by line, from the first difference on. */
  public static final int COMPARED = 500_000;

  private static final int AROUND = 3;
  // How much is kept of what both begin and end with, to show lines around a difference.
  private static final int KEPT = 4000;
  private static final int LONG_LINE = 200;
  // What the markup of a line adds to it.
  private static final int PER_LINE = 20;
  private static final int LONGEST_LINE = 700;
  private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?;])\\s+");

  /**
   * Compares two texts. A long line is compared sentence by sentence.
   *
   * @param most how many characters are shown
   */
  static TextDiff of(String before, String after, int most) {
    if (before.equals(after)) {
      return new TextDiff(before.isEmpty(), true, List.of(), false, true);
    }
    // Only what is between the lines that both begin and end with is compared line by line.
    int begin = commonBegin(before, after);
    int end = commonEnd(before, after, begin);
    String head = before.substring(0, begin);
    String tail = before.substring(before.length() - end);
    int skipped = begin <= KEPT ? 0 : head.indexOf('\n', begin - KEPT - 1) + 1;
    int kept = end <= KEPT ? end : tail.lastIndexOf('\n', KEPT) + 1;
    String was = before.substring(begin, before.length() - end);
    String is = after.substring(begin, after.length() - end);
    boolean isCut = Math.max(was.length(), is.length()) > COMPARED;
    List<DiffLine> all = new ArrayList<>();
    addSame(head.substring(skipped), all);
    List<DiffLine> other = DiffLine.between(lines(was), lines(is));
    all.addAll(isCut ? upToLastSame(other) : other);
    if (!isCut) {
      addSame(tail.substring(0, kept), all);
    }
    if (all.stream().noneMatch(TextDiff::isChange)) {
      return new TextDiff(false, false, List.of(), isCut, true);
    }
    return shown(
        DiffLine.changed(
            all,
            AROUND,
            countLines(head.substring(0, skipped)),
            isCut ? 0 : countLines(tail.substring(kept))),
        most,
        LONGEST_LINE,
        isCut);
  }

  /**
   * Compares two lists.
   *
   * @param all the lines of both
   * @param most how many characters are shown
   * @param longest how many characters of a line are shown
   * @param isCut whether they are the beginnings of longer ones
   */
  static TextDiff of(List<DiffLine> all, int most, int longest, boolean isCut) {
    if (all.stream().allMatch(DiffLine::isSame)) {
      return new TextDiff(all.isEmpty(), true, List.of(), isCut, true);
    }
    return shown(DiffLine.changed(all, AROUND, 0, 0), most, longest, isCut);
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

  private static int countLines(String text) {
    boolean isOpen = !text.isEmpty() && !text.endsWith("\n");
    return (int) text.chars().filter(c -> c == '\n').count() + (isOpen ? 1 : 0);
  }

  private static void addSame(String text, List<DiffLine> all) {
    lines(text).forEach(line -> all.add(new DiffLine(DiffLine.Kind.SAME, line)));
  }

  // Behind the last common line, the texts were cut at different places.
  private static List<DiffLine> upToLastSame(List<DiffLine> lines) {
    int end = lines.size();
    while (end > 0 && !lines.get(end - 1).isSame()) {
      end--;
    }
    return end == 0 ? lines : lines.subList(0, end);
  }

  private static List<String> lines(String text) {
    return Excerpt.of(text, COMPARED).lines().flatMap(TextDiff::sentences).toList();
  }

  private static Stream<String> sentences(String line) {
    return line.length() <= LONG_LINE ? Stream.of(line) : SENTENCES.splitAsStream(line);
  }

  private static TextDiff shown(List<DiffLine> changed, int most, int longest, boolean isCut) {
    Room room = new Room(most, longest);
    int at = 0;
    while (at < changed.size() && room.isWhole) {
      int end = at;
      while (end < changed.size() && isChange(changed.get(end))) {
        end++;
      }
      if (end == at) {
        room.addUnchanged(changed.get(at));
        at++;
      } else {
        room.addChange(changed.subList(at, end));
        at = end;
      }
    }
    return new TextDiff(false, false, room.shown, isCut, room.isWhole && !room.isShortened);
  }

  private static boolean isChange(DiffLine line) {
    return line.isRemoved() || line.isAdded();
  }

  /** The lines that are shown, and the room that is left for further ones. */
  private static final class Room {
    private final List<DiffLine> shown = new ArrayList<>();
    private final int longest;
    private long left;
    private boolean isWhole = true;
    private boolean isShortened;

    private Room(int most, int longest) {
      this.left = most;
      this.longest = longest;
    }

    private void addUnchanged(DiffLine line) {
      add(List.of(new DiffLine(line.kind(), Excerpt.of(line.text(), longest))), left);
    }

    private void addChange(List<DiffLine> lines) {
      List<DiffLine> removed = lines.stream().filter(DiffLine::isRemoved).toList();
      List<DiffLine> added = lines.stream().filter(DiffLine::isAdded).toList();
      List<DiffLine> was = excerpts(removed, added);
      List<DiffLine> is = excerpts(added, removed);
      isShortened |= !was.equals(removed) || !is.equals(added);
      // Neither side takes the room of the other one.
      addSide(was, Math.max(left / 2, left - taken(is)), "removed");
      addSide(is, left, "added");
    }

    private void addSide(List<DiffLine> lines, long most, String what) {
      int more = lines.size() - add(lines, most);
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

    // A long line is shown from shortly before where it differs from the one in its place.
    private List<DiffLine> excerpts(List<DiffLine> lines, List<DiffLine> others) {
      List<DiffLine> excerpts = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        DiffLine line = lines.get(i);
        String text = line.text();
        if (text.length() > longest) {
          int common = i < others.size() ? commonLength(text, others.get(i).text()) : 0;
          String shownText =
              common <= longest / 2
                  ? Excerpt.of(text, longest)
                  : "…"
                      + Excerpt.of(
                          text.substring(WellFormed.boundary(text, common - longest / 4)), longest);
          excerpts.add(new DiffLine(line.kind(), shownText));
        } else {
          excerpts.add(line);
        }
      }
      return excerpts;
    }

    private static long taken(List<DiffLine> lines) {
      return lines.stream().mapToLong(Room::taken).sum();
    }

    // Some characters are written as several in HTML.
    private static long taken(DiffLine line) {
      return PER_LINE
          + line.text().length()
          + 4 * line.text().chars().filter(c -> "<>&\"'".indexOf(c) >= 0).count();
    }
  }
}
