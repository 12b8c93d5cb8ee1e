package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  @Test
  void eachFieldOfAPasswordInTheFormsOfProfilesIsASecret() throws Exception {
    Pattern field = Pattern.compile("<input name=\"([^\"]+)\"[^>]* type=\"password\"");
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/templates/console"))) {
      List<String> names =
          pages
              .filter(page -> !page.endsWith("sessions.html"))
              .map(SentFormTest::read)
              .flatMap(page -> field.matcher(page).results())
              .map(found -> found.group(1).replaceAll("\\{\\w+_count}", "1"))
              .toList();
      assertEquals(
          List.of(),
          names.stream().filter(name -> !SentForm.of(Map.of(name, "x")).hasSecret()).toList());
      assertTrue(names.size() > 8, names::toString);
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
