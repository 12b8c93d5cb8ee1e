package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagListTest {
  @Test
  void linesAndElementsAreOneList() {
    TagList list = TagList.of("If-Match", List.of("\"a\", W/\"b\" ,,", " \"c,d\""));
    assertEquals(List.of("\"a\"", "W/\"b\"", "\"c,d\""), list.tags());
    assertTrue(list.hasStrong("\"a\""));
    assertFalse(list.hasStrong("\"b\""));
    assertTrue(list.hasAny("\"b\""));
    assertFalse(list.hasAny("\"d\""));
    assertFalse(list.isAny());
  }

  @Test
  void aStarIsAny() {
    assertTrue(TagList.of("If-Match", List.of(" * ")).isAny());
    assertEquals(List.of("\"*\""), TagList.of("If-Match", List.of("\"*\"")).tags());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "a",
        "\"a",
        "a\"",
        "\"a\" \"b\"",
        "\"a\", *",
        "*, *",
        "w/\"a\"",
        "\"a b\""
      })
  void anythingElseIsRefused(String value) {
    ApiException refused =
        assertThrows(ApiException.class, () -> TagList.of("If-Match", List.of(value)));
    assertEquals(ErrorCode.INVALID_INPUT, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).startsWith("If-Match: must be * or"));
  }

  @Test
  void aLongListIsReadInOnePass() {
    TagList list = TagList.of("If-Match", List.of("\"a\",".repeat(100_000)));
    assertEquals(100_000, list.tags().size());
  }
}
