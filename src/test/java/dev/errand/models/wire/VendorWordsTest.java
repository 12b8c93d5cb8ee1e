package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VendorWordsTest {
  private static final String KEY = "sk-proj-9fQ2xYz7Lm4Pq8Rt";

  @ParameterizedTest
  @CsvSource({
    "Country not supported,Country not supported",
    "'  Too busy.\n',Too busy.",
    "'',''",
    "Incorrect key sk-proj-9fQ2xYz7Lm4Pq8Rt.,Incorrect key …",
    "Incorrect key: 9fQ2xYz7 is wrong,Incorrect key: … is wrong",
    "Incorrect API key provided: sk-p****q8Rt. See the page.,Incorrect API key provided: … See the"
        + " page.",
    "Another's: sk-ant-api03-AbCdEfGhIjKlMnOp here,Another's: *** here",
  })
  void aVendorsWordsHaveNoPartOfAKey(String message, String shown) {
    assertEquals(shown, VendorWords.of(message, KEY));
  }

  @Test
  void theyAreBounded() {
    String shown = VendorWords.of("No. ".repeat(100_000), KEY);
    assertEquals(300, shown.length());
    assertTrue(shown.endsWith("…"));
  }

  @Test
  void aShortKeyIsNoPartOfThem() {
    assertFalse(VendorWords.of("The key ab12 is wrong", "ab12").contains("ab12"));
    assertEquals("No key came", VendorWords.of("No key came", ""));
  }
}
