package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WellFormedTest {
  @Test
  void longTextIsCutBetweenCharacters() {
    assertEquals("abcd", WellFormed.cut("abcd", 4));
    assertEquals("abc…", WellFormed.cut("abcde", 4));
    assertEquals("ab…", WellFormed.cut("ab\uD83D\uDE00c", 4));
    assertEquals("…", WellFormed.cut("abcde", 1));
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertEquals("a\uFFFDb", WellFormed.cut("a\uD83Db", 4));
    assertEquals("\uFFFD\uD83D\uDE00", WellFormed.text("\uDE00\uD83D\uDE00"));
  }
}
