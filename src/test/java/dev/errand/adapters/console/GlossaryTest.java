package dev.errand.adapters.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The glossary of the console maps words that pages have to names that the API has. */
class GlossaryTest {
  private static final Path TEMPLATES = Path.of("src/main/resources/templates");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path CONSOLE = Path.of("src/main/java/dev/errand/adapters/console");

  private static List<String> rows() {
    String document = read(Path.of("src/docs/console.md"));
    String words = document.substring(document.indexOf("## Words"));
    return words
        .substring(0, words.indexOf("\n## ", 1))
        .lines()
        .filter(line -> line.startsWith("| **"))
        .toList();
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String all(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(GlossaryTest::read)
          .collect(Collectors.joining("\n"));
    }
  }

  /** What forms show of declared fields. */
  private static String declared() throws IOException {
    return String.join("\n", found("\\b(?:label|note) =\\s+\"([^\"]+)\"", all(SOURCES)));
  }

  @Test
  void theApiHasEachName() {
    String api = read(Path.of("src/docs/openapi.yaml"));
    List<String> names =
        rows().stream().flatMap(row -> found("`([a-z_]+)`", row).stream()).toList();
    assertTrue(names.size() > 20, names::toString);
    assertEquals(
        List.of(),
        names.stream()
            .filter(name -> found("(\\b" + Pattern.quote(name) + "\\b)", api).isEmpty())
            .toList());
  }

  @Test
  void aPageHasEachWord() throws IOException {
    String pages = all(TEMPLATES) + all(CONSOLE) + declared();
    assertEquals(
        List.of(),
        rows().stream()
            .flatMap(row -> found("\\*\\*([^*]+)\\*\\*", row).stream())
            .filter(word -> !pages.contains(word))
            .toList());
  }

  @Test
  void noTemplateHasTheApisWordInPlaceOfThePages() throws IOException {
    String shown =
        all(TEMPLATES.resolve("console")).replaceAll("\\{[^}]*}|<[^>]*>", "\n") + declared();
    assertEquals(List.of(), found("(.*\\b(?:[Ff]ires?|[Cc]redentials?)\\b.*)", shown));
  }
}
