package dev.errand.base.field;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What the API's document says of the fields that records declare. */
class FieldSchemasTest {
  @Test
  void aPatternIsThatOfAWholeText() {
    assertEquals("^[a-z]+$", FieldSchemas.whole("[a-z]+"));
    assertEquals("^(?:on|off)$", FieldSchemas.whole("on|off"));
  }
}
