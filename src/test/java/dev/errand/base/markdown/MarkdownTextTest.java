package dev.errand.base.markdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static String html(String text) {
    return Objects.requireNonNull(MarkdownText.html(text));
  }
}
