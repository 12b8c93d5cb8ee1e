package dev.errand.adapters.console.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.console.page.DiffLine;
import dev.errand.tools.mcp.wire.VisibleText;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The differences of two texts, line by line. */
class TextDiffTest {
  private static final int MOST = 30_000;

  private static String shown(TextDiff diff) {
    return diff.lines().stream()
        .map(
            line ->
                switch (line.kind()) {
                      case SAME -> " ";
                      case REMOVED -> "-";
                      case ADDED -> "+";
                      case LEFT_OUT -> "…";
                    }
                    + line.text())
        .collect(Collectors.joining("|"));
  }

  private static String numbered(String line, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> line + " " + i)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void equalTextsHaveNoLines() {
    assertTrue(TextDiff.of("a\nb", "a\nb", MOST).isSame());
    assertFalse(TextDiff.of("a\nb", "a\nb", MOST).isEmpty());
    assertTrue(TextDiff.of("", "", MOST).isEmpty());
  }

  @Test
  void asManyLinesAsPossibleStay() {
    assertEquals(" a|-b| c|+d| e", shown(TextDiff.of("a\nb\nc\ne", "a\nc\nd\ne", MOST)));
    assertEquals("+a", shown(TextDiff.of("", "a", MOST)));
    assertEquals("-a", shown(TextDiff.of("a", "", MOST)));
    assertEquals("-a|-b|+c|+d", shown(TextDiff.of("a\nb", "c\nd", MOST)));
  }

  @Test
  void linesFarFromADifferenceAreCounted() {
    String before = numbered("x", 20);
    assertEquals(
        "…7 lines stay| x 7| x 8| x 9|-x 10|+y| x 11| x 12| x 13|…6 lines stay",
        shown(TextDiff.of(before, before.replace("x 10", "y"), MOST)));
    assertEquals(
        "-x 0|+y| x 1| x 2| x 3|…12 lines stay| x 16| x 17| x 18|-x 19|+z",
        shown(TextDiff.of(before, before.replace("x 0", "y").replace("x 19", "z"), MOST)));
  }

  @Test
  void aLongLineIsComparedBySentences() {
    String words = "It goes on and on. ".repeat(20);
    assertEquals(
        "…17 lines stay| It goes on and on.| It goes on and on.| It goes on and on.|-Fine.|+Bad.",
        shown(TextDiff.of(words + "Fine.", words + "Bad.", MOST)));
  }

  @Test
  void hostileTextsAreShownAsAWholeAndCut() {
    String before = numbered("a", 10_000);
    String after = numbered("b", 10_000);
    TextDiff diff = TextDiff.of(before, after, MOST);
    assertFalse(diff.isWhole());
    assertFalse(diff.isSame());
    assertTrue(
        diff.lines().stream().mapToInt(line -> line.text().length()).sum() <= MOST,
        () -> "lines: " + diff.lines().size());
    // Both sides have half of the room.
    long removed = diff.lines().stream().filter(DiffLine::isRemoved).count();
    long added = diff.lines().stream().filter(DiffLine::isAdded).count();
    assertTrue(removed > 500 && Math.abs(removed - added) < 10, removed + ", " + added);
    assertEquals("%,d more lines added".formatted(10_000 - added), diff.lines().getLast().text());
    // A small difference of texts of many lines is found all the same.
    assertEquals(
        "…4,997 lines stay| a 4997| a 4998| a 4999|-a 5000|+b| a 5001| a 5002| a 5003|…4,996 lines stay",
        shown(TextDiff.of(before, before.replaceFirst("a 5000", "b"), MOST)));
  }

  @Test
  void aChangeOfAnotherLengthInALongTextIsOneLine() {
    String before = numbered("a line of some words that makes the text long", 3000);
    String after = before.replaceFirst("long 700\n", "long, and now longer, 700\n");
    TextDiff diff = TextDiff.of(before, after, MOST);
    assertFalse(diff.isCut());
    assertTrue(diff.isWhole());
    assertEquals(1, diff.lines().stream().filter(DiffLine::isRemoved).count());
    assertEquals(1, diff.lines().stream().filter(DiffLine::isAdded).count());
    assertEquals("697 lines stay", diff.lines().getFirst().text());
    assertEquals("2,296 lines stay", diff.lines().getLast().text());
  }

  @Test
  void whatDiffersFarFromTheBeginningIsFound() {
    String begin = ("x".repeat(99) + "\n").repeat(80_000);
    TextDiff diff = TextDiff.of(begin + "one", begin + "two", MOST);
    assertFalse(diff.isSame());
    assertFalse(diff.isCut());
    assertEquals("79,997 lines stay", diff.lines().getFirst().text());
    assertTrue(shown(diff).endsWith("x|-one|+two"), shown(diff));
  }

  @Test
  void ofVeryManyDifferencesTheBeginningIsComparedUpToALineOfBoth() {
    String before = "one\nstays\n" + "x".repeat(TextDiff.COMPARED) + "\nthree\nend";
    String after = before.replace("one", "two").replace("three", "four");
    TextDiff diff = TextDiff.of(before, after, MOST);
    assertTrue(diff.isCut());
    assertFalse(diff.isSame());
    assertTrue(shown(diff).startsWith("-one|+two| stays"), shown(diff));
    assertFalse(shown(diff).contains("three"), shown(diff));
  }

  @Test
  void textsThatDifferInBlankSpaceAreNotTheSame() {
    TextDiff diff = TextDiff.of("a", "a\n", MOST);
    assertFalse(diff.isSame());
    assertEquals(List.of(), diff.lines());
  }

  @Test
  void aTextThatIsTooLargeForItsRoomIsNotWhole() {
    TextDiff marks = TextDiff.of("", "<&\"'>".repeat(300), 1000);
    assertEquals("…1 more line added", shown(marks));
    assertFalse(marks.isWhole());
  }

  @Test
  void aLongLineIsShownWhereItDiffers() {
    String begin = "word ".repeat(1000);
    TextDiff diff = TextDiff.of(begin + "one", begin + "two", MOST);
    assertTrue(shown(diff).matches("-…(word ){30,}one\\|\\+…(word ){30,}two"), shown(diff));
    assertFalse(diff.isWhole());
  }

  @Test
  void linesOfBothStayWhereVeryManyDiffer() {
    // Each third line is another one.
    String before =
        IntStream.range(0, 9000)
            .mapToObj(i -> i % 3 == 0 ? "old " + i : "line " + i)
            .collect(Collectors.joining("\n"));
    String after = before.replace("old", "new");
    List<DiffLine> lines = DiffLine.between(before.lines().toList(), after.lines().toList());
    assertEquals(6000, lines.stream().filter(DiffLine::isSame).count());
    // None of these is the only one of its kind.
    List<String> twice = IntStream.range(0, 4000).mapToObj(i -> "x" + i % 2000).toList();
    List<String> other =
        IntStream.range(0, 4000).mapToObj(i -> i % 2 == 0 ? "y" : "x" + i % 2000).toList();
    assertEquals(2000, DiffLine.between(twice, other).stream().filter(DiffLine::isSame).count());
  }

  @Test
  void everyDifferenceLeadsFromOneTextToTheOther() {
    Random random = new Random(7);
    for (int size : List.of(5, 50, 3000)) {
      for (int kinds : List.of(1, 2, 7, 1000, 100_000)) {
        List<String> before = random.ints(size, 0, kinds).mapToObj(String::valueOf).toList();
        List<String> after = random.ints(size + 3, 0, kinds).mapToObj(String::valueOf).toList();
        List<DiffLine> lines = DiffLine.between(before, after);
        assertEquals(
            before, lines.stream().filter(line -> !line.isAdded()).map(DiffLine::text).toList());
        assertEquals(
            after, lines.stream().filter(line -> !line.isRemoved()).map(DiffLine::text).toList());
      }
    }
  }

  private static String random(int length, int count, String letters) {
    Random random = new Random(length);
    return IntStream.range(0, count)
        .mapToObj(
            _ ->
                random
                    .ints(length, 0, letters.length())
                    .mapToObj(i -> letters.substring(i, i + 1))
                    .collect(Collectors.joining()))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aComparisonTakesNoMoreMemoryThanIsReservedForIt() {
    com.sun.management.ThreadMXBean thread =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    String letters = "abcdefghijklmnopqrstuvwxyz";
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("a few words", "one two three");
    texts.put("a letter a line", random(1, 500_000, "ab"));
    texts.put("nothing but ends of lines", "\n".repeat(500_000));
    texts.put("three letters a line", random(3, 250_000, letters));
    texts.put("lines of ten letters", random(9, 50_000, letters));
    texts.put("sentences of a letter", random(1, 300_000, "ab").replace("\n", ". "));
    texts.put("one line", random(400_000, 1, letters));
    texts.put("one line of other letters", random(400_000, 1, "\u4e00\u4e01"));
    texts.put("a hundred long lines", random(4000, 120, letters));
    texts.put("a block of each", random(2, 990, "abcdefghi").concat("\nA\n").repeat(17));
    texts.put("wide letters", random(1, 250_000, "\u4e00\u4e01\u4e02\u4e03"));
    texts.forEach(
        (what, text) -> {
          for (String other : List.of("", new StringBuilder(text).reverse().toString())) {
            TextDiff.Text before = new TextDiff.Text(text, VisibleText::ofProse);
            TextDiff.Text after = new TextDiff.Text(other, VisibleText::ofProse);
            long most = TextDiff.heap(text.length()) + TextDiff.heap(other.length());
            TextDiff.of(before, after, MOST);
            long start = thread.getCurrentThreadAllocatedBytes();
            TextDiff.of(before, after, MOST);
            long taken = thread.getCurrentThreadAllocatedBytes() - start;
            assertTrue(taken <= most, () -> what + ": " + taken + " and not " + most);
          }
        });
  }

  @Test
  void ofVeryManyLinesTheFirstAreCompared() {
    String before = numbered("a", TextDiff.COMPARED_LINES + 10);
    String after = before.replaceFirst("a 0", "b").replaceFirst("a 30009$", "c");
    TextDiff diff = TextDiff.of(before, after, MOST);
    assertTrue(diff.isCut());
    assertEquals("-a 0|+b| a 1| a 2| a 3|…29,996 lines stay", shown(diff));
  }

  @Test
  void whatIsHiddenIsShown() {
    TextDiff.Text before = new TextDiff.Text("a\u200bb\r\nc", VisibleText::ofProse);
    TextDiff.Text after = new TextDiff.Text("ab\nc", VisibleText::ofProse);
    assertEquals("-a⟨U+200B⟩b|+ab| c", shown(TextDiff.of(before, after, MOST)));
    TextDiff long200 =
        TextDiff.of(new TextDiff.Text("\u200b".repeat(500), VisibleText::ofProse), after, MOST);
    assertTrue(
        long200.lines().stream().allMatch(line -> line.text().length() <= 702), shown(long200));
    assertFalse(long200.isWhole());
  }
}
