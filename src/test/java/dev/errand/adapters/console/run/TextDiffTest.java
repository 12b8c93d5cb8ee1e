package dev.errand.adapters.console.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.console.page.DiffLine;
import java.util.List;
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
    assertTrue(diff.lines().stream().allMatch(line -> line.kind() == DiffLine.Kind.REMOVED));
    // A small difference of texts of many lines is found all the same.
    assertEquals(
        "…4,997 lines stay| a 4997| a 4998| a 4999|-a 5000|+b| a 5001| a 5002| a 5003|…4,996 lines stay",
        shown(TextDiff.of(before, before.replaceFirst("a 5000", "b"), MOST)));
  }

  @Test
  void onlyTheBeginningOfAVeryLongTextIsCompared() {
    String line = "x".repeat(150) + "\n";
    String begin = line.repeat(TextDiff.COMPARED / line.length());
    TextDiff diff = TextDiff.of(begin + "one\n" + line, begin + "one\n" + line + "two", MOST);
    assertTrue(diff.isCut());
    assertTrue(diff.isSame());
    TextDiff marks = TextDiff.of("", "<&\"'>".repeat(300), 1000);
    assertEquals(List.of(), marks.lines());
    assertFalse(marks.isWhole());
  }
}
