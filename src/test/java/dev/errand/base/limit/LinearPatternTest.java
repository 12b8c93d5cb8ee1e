package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pattern costs before it is matched. Without its limits, some are read without end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinearPatternTest {
  private static String refused(String regex) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> LinearPattern.of(regex)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)\u1c80",
        "(?i)\\x{1c88}",
        "(?i)\\u1c83",
        "(?i)\\x{00001c84}",
        "(?si)[B-\\x{1e942}]",
        "(?i:a[\\u1c00-\\u1cff])",
        "(?i)[]a-\\x{1e942}]",
        "(?i)[[-\\x{1e942}]",
        "(?i)[--\\uffff]",
        "(?i)[a-c--\\uffff]",
        "(?i)[\\d--\\uffff]",
        "(?i)[^\\101-\\uffff]",
        "(?i)[\\x42-\uffff]",
        "(?i)[[:alpha:]B-\\x{1e942}]",
        "a|(?i)x|\u1c80"
      })
  void charactersWhoseCaseIsSoughtWithoutEndAreRefused(String regex) {
    assertTrue(refused(regex).contains("U+1C80"), regex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[A-\\x{1e942}]",
        "(?i)[\\x00-\\x{10ffff}]",
        "(?i)[a-z\\u4e00-\\u9fa5]",
        "(?i)[\u0400-\u052fA]",
        "(?i)a\\-[^\\u0000-\\u007f]",
        "(?i)[\\x{1c89}-\\x{10ffff}A]"
      })
  void otherRangesAreRead(String regex) {
    assertTrue(LinearPattern.of(regex).isFoundIn("A" + "a-\u00e9"), regex);
  }

  @Test
  void allOtherCharactersWithCaseAreRead() {
    int[] read =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
            .filter(c -> c < 0x1c80 || c > 0x1c88)
            .filter(
                c ->
                    LinearPattern.of("(?i)" + Character.toString(c))
                        .isFoundIn(Character.toString(c)))
            .toArray();
    assertTrue(read.length > 2000, () -> "only " + read.length);
    assertFalse(LinearPattern.of("(?i)b").isFoundIn("\u1c80"));
  }

  @Test
  void classesAndCharactersOfRangesAreCounted() {
    assertTrue(LinearPattern.of("(?i)" + "\\p{L}".repeat(20)).stepsToRead() > 5000);
    assertTrue(refused("[" + "\\PL".repeat(21) + "]").contains("more than 20 classes"));
    assertTrue(LinearPattern.of("(?i)" + "[\\u3000-\\u9fff]".repeat(3)).stepsToRead() > 4000);
    assertTrue(refused("(?i)" + "[\\u3000-\\u9fff]".repeat(4)).contains("100000 characters"));
    assertTrue(LinearPattern.of("[\\u3000-\\u9fff]".repeat(18)).stepsToRead() < 100);
  }
}
