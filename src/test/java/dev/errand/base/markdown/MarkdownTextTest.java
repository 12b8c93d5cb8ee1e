package dev.errand.base.markdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTextTest {
  @Test
  void aTableIsOne() {
    String html = html("| Name | Price |\n|---|---:|\n| Tea | 3 |\n| Milk |\n");
    assertTrue(html.contains("<th>Name</th>"), html);
    assertTrue(html.contains("<td align=\"right\">3</td>"), html);
    assertEquals(2, html.split("<tr>\n<td>", -1).length - 1, html);
  }

  @Test
  void aLongTableOfFewColumnsIsOne() {
    assertTrue(html("a | b\n--|--\n" + "1 | 2\n".repeat(20_000)).contains("<table>"));
  }

  // 16 kB that would make 16 million cells.
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void aTableThatGrowsIsShownAsText(String lineEnd) {
    String text = "|a".repeat(4000) + lineEnd + "|-".repeat(4000) + lineEnd;
    String table = text + ("|" + lineEnd).repeat(4000);
    assertFalse(html(table).contains("<td>"), lineEnd);
    String quoted = text.replace("|a|", "> |a|").replaceFirst("\\|-", "> |-");
    assertTrue(html(quoted + ("> |" + lineEnd).repeat(4000)).length() < 200_000, lineEnd);
    assertTrue(MarkdownText.plain(table).length() < 100_000);
  }

  @Test
  void nothingIsLoadedAndNoHtmlIsKept() {
    String html =
        html(
            "![a chart](https://example.org/chart.png) <img src=x onerror=alert(1)> [x](javascript:1)");
    assertFalse(html.contains("<img"), html);
    assertTrue(html.contains("picture: a chart</a>"), html);
    assertFalse(html.contains("javascript:"), html);
  }

  @ParameterizedTest
  @CsvSource({
    "https://shop.example/a?b=1|2, shop.example",
    "https://bank.example@evil.example/x, evil.example",
    "https://evil.example\\\\@bank.example/, evil.example",
    "HTTP://shop.example:8080#a, shop.example:8080",
    "https:///evil.example, https:///evil.example",
    "mailto:ada@example.org, mailto:ada@example.org",
  })
  void aLinkOfAMessageSaysWhereItLeads(String address, String place) {
    String lines = lines("[*my* bank](<" + address + ">)");
    assertTrue(lines.endsWith(" (" + place + ")"), lines);
  }

  @Test
  void aMessageHasOnlyLinksOfTheWeb() {
    assertEquals("run x", lines("[run](javascript:1) [x](data:text/html,a)"));
    assertFalse(lines("<https://a.example>").contains("(a.example)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a | b\\| *c* _d_ `e` [f](g) <h> &amp; \\\\ # ! ~~x~~", "1. x", "- x", "é “ü”"})
  void whatIsEscapedIsShownAsItIs(String text) {
    assertEquals(text, lines(MarkdownText.escaped(text)));
    String table = "| a |\n| --- |\n| " + MarkdownText.escaped(text) + " |\n";
    assertTrue(lines(table).contains(text), lines(table));
  }

  @Test
  void emphasisThatIsNestedThousandsOfTimesIsNotRendered() {
    assertNull(MarkdownText.forMessage("*a **a ".repeat(20_000) + "b** b*".repeat(20_000)));
  }

  private static String lines(String text) {
    return MarkdownText.lines(Objects.requireNonNull(MarkdownText.forMessage(text)));
  }

  private static String html(String text) {
    return Objects.requireNonNull(MarkdownText.html(text));
  }
}
