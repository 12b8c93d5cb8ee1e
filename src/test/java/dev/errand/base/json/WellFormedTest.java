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
  void anExcerptHasAllUnitsThatItMay() {
    assertEquals("abcd", WellFormed.excerpt("abcd", 4));
    assertEquals("abcd…", WellFormed.excerpt("abcde", 4));
    assertEquals("abc…", WellFormed.excerpt("abc\uD83D\uDE00", 4));
    assertEquals("abc\uD83D\uDE00…", WellFormed.excerpt("abc\uD83D\uDE00d", 5));
    assertEquals("…", WellFormed.excerpt("\uD83D\uDE00", 1));
    assertEquals("…", WellFormed.excerpt("a", 0));
  }

  @Test
  void aBeginningEndsBetweenCharacters() {
    assertEquals("ab", WellFormed.beginning("ab", 2));
    assertEquals("ab", WellFormed.beginning("abc", 2));
    assertEquals("a", WellFormed.beginning("a\uD83D\uDE00", 2));
    assertEquals("", WellFormed.beginning("a", 0));
  }

  @Test
  void aPlaceWithinAPairIsMovedBeforeIt() {
    String text = "a\uD83D\uDE00b";
    assertEquals(0, WellFormed.boundary(text, 0));
    assertEquals(1, WellFormed.boundary(text, 1));
    assertEquals(1, WellFormed.boundary(text, 2));
    assertEquals(3, WellFormed.boundary(text, 3));
    // The other half may follow.
    assertEquals(1, WellFormed.boundary("a\uD83D", 2));
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertEquals("a\uFFFDb", WellFormed.cut("a\uD83Db", 4));
    assertEquals("\uFFFD\uD83D\uDE00", WellFormed.text("\uDE00\uD83D\uDE00"));
  }
}
