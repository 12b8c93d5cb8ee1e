package dev.errand.automation.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ShownTextTest {
  @Test
  void whatLooksLikeAnAddressIsBroken() {
    assertEquals(
        "see https[:]//evil[.]example/a?b=c", ShownText.of("see https://evil.example/a?b=c"));
    assertEquals("evil[.]example", ShownText.of("evil.example"));
    assertEquals("www[.]evil[.]example", ShownText.of("www.evil.example"));
    assertEquals("mailto[:]a@evil[.]example", ShownText.of("mailto:a@evil.example"));
    assertEquals("javascript[:]//x", ShownText.of("javascript://x"));
    assertEquals("HTTPS[:]\\\\evil", ShownText.of("HTTPS:\\\\evil"));
    assertEquals("пример[.]рф", ShownText.of("пример.рф"));
    assertEquals("हिन्दी[.]भारत", ShownText.of("हिन्दी.भारत"));
    assertEquals("☃[.]example", ShownText.of("☃.example"));
    assertEquals("evil\u200D[.]\u200Dexample", ShownText.of("evil\u200D.\u200Dexample"));
    for (char dot : new char[] {'\u2024', '\u3002', '\uFE52', '\uFF0E', '\uFF61'}) {
      assertEquals("evil[.]example", ShownText.of("evil" + dot + "example"));
    }
  }

  @Test
  void otherTextsStayAsTheyAre() {
    for (String text :
        new String[] {
          "At 08:45, 3 of 5 failed: 0.25 USD. Nothing else.",
          "2026-11-29T08:45:00.123Z",
          "a\tb\n\nc",
          "ﬁ 日本語 עברית 👩\u200D💻",
          "v1.2.3"
        }) {
      assertEquals(text, ShownText.of(text));
    }
  }

  @Test
  void whatIsInvisibleIsShownOrLeftOut() {
    assertEquals("a[U+202E]b[U+2066]c", ShownText.of("a\u202Eb\u2066c"));
    assertEquals("a[U+001B][31m[U+0000]", ShownText.of("a\u001B[31m\u0000"));
    assertEquals("ab", ShownText.of("a\u200B\u2060\uFEFF\u00ADb"));
    assertEquals("ab", ShownText.of("a" + Character.toString(0xE0041) + "b"));
    assertEquals("a\uFFFD", ShownText.of("a\uD800"));
    assertEquals("a\nb\nc\nd", ShownText.of("a\r\nb\rc\u2028d"));
    assertEquals("a b", ShownText.line(" a\r\n\tb "));
    // Nothing hides what would be a link without it.
    assertEquals("evil[.]example", ShownText.of("evil\u200B.\u200Bexample"));
  }

  @Test
  void longTextsAreCutBetweenCharacters() {
    UnaryOperator<String> doubled = text -> text.equals("*") ? "\\*" : text;
    assertEquals("\\*\\*", ShownText.cut("**", 4, doubled));
    assertEquals("\\*…", ShownText.cut("***", 4, doubled));
    assertEquals("ab…", ShownText.cut("abcd", 3, text -> text));
    assertEquals("abc", ShownText.cut("abc", 3, text -> text));
    assertEquals("a…", ShownText.cut("a👍👍", 3, text -> text));
    String cut =
        ShownText.cut(
            "ü".repeat(3000),
            4096,
            text -> text,
            text -> text.getBytes(StandardCharsets.UTF_8).length);
    assertTrue(cut.getBytes(StandardCharsets.UTF_8).length <= 4096);
    assertTrue(cut.length() > 2040, "as much as possible is kept");
  }
}
