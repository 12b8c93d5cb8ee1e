package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SentFormTest {
  private final SentForm form = SentForm.of(Map.of("key", " a\r\nb "));

  @Test
  void onlyFieldsOfSeveralLinesHaveOtherEndsOfLines() {
    assertEquals("a\r\nb", form.line("key"));
    assertEquals("a\nb", form.text("key"));
    assertEquals(" a\nb ", form.value("key"));
    assertEquals(Map.of("key", " a\r\nb "), form.first());
  }

  @Test
  void noValueIsInItsText() {
    assertEquals("SentForm[key]", form.toString());
  }

  @Test
  void aFieldThatWasNotSentIsEmpty() {
    assertEquals("", form.line("other") + form.text("other") + form.value("other"));
  }
}
