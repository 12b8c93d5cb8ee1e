package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void aLongTextIsCutBetweenCharacters() {
    assertEquals("abc", Excerpt.of("abc", 3));
    assertEquals("ab…", Excerpt.of("abc", 2));
    assertEquals("a…", Excerpt.of("a\uD83D\uDE00", 2));
    assertEquals("a\uD83D\uDE00…", Excerpt.of("a\uD83D\uDE00b", 3));
  }

  @Test
  void anExcerptThatIsCutEndsWithAMark() {
    assertEquals("…", Excerpt.of("abc", 0));
    assertEquals("", Excerpt.of("", 0));
  }
}
