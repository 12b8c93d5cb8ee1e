package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StorableTextTest {
  @Test
  void onlyNulCannotBeStored() {
    assertTrue(StorableText.is(""));
    assertTrue(StorableText.is("\u0001\uFFFF\uD83D\uDE00"));
    assertFalse(StorableText.is("\0"));
    assertFalse(StorableText.is("a\0b"));
  }

  @Test
  void whatCannotBeStoredIsReplaced() {
    assertEquals("a\uFFFDb\uFFFD", StorableText.of("a\0b\0"));
    assertEquals("ab", StorableText.of("ab"));
  }
}
