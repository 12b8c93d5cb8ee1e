package dev.errand.adapters.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.document.Documents.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents as pages: each is reached, and each link leads to a page and a heading. */
class DocumentsTest {
  private static final String BASE = "/errand";
  private static final Path FOLDER = Path.of("src", "docs");
  private static final Pattern HELP =
      Pattern.compile("console/help document='([a-z#/-]+)'|/docs/([a-z/#-]+)\"");

  private final Documents documents = new Documents();

  private Document read(String name) {
    return documents.find(name, BASE).orElseThrow(() -> new AssertionError(name));
  }

  @Test
  void everyDocumentIsReachedAndEveryLinkLeadsToAHeading() throws IOException {
    Map<String, org.jsoup.nodes.Document> read = new HashMap<>();
    Set<String> links = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(Documents.INDEX));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (read.containsKey(name)) {
        continue;
      }
      org.jsoup.nodes.Document page = Jsoup.parse(read(name).html());
      read.put(name, page);
      for (Element link : page.select("a[href]")) {
        String target = link.attr("href");
        if (target.startsWith(BASE + "/docs/")) {
          String local = target.substring((BASE + "/docs/").length());
          links.add(local);
          open.push(local.replaceFirst("#.*", ""));
        } else if (target.startsWith("#")) {
          links.add(name + target);
        } else {
          assertTrue(
              target.equals(BASE + "/q/openapi") || target.matches("https?://.*|mailto:.*"),
              name + ": " + target);
        }
      }
      assertEquals(0, page.select("img, script").size(), name);
    }
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertEquals(
          files
              .map(file -> FOLDER.relativize(file).toString())
              .filter(file -> file.endsWith(".md"))
              .map(file -> file.substring(0, file.length() - 3))
              .collect(Collectors.toCollection(TreeSet::new)),
          new TreeSet<>(read.keySet()));
    }
    assertEquals(List.of(), broken(links, read));
    assertTrue(links.size() > 100, "there are many");
    assertEquals("Triggers", read("triggers").title());
  }

  private static List<String> broken(
      Set<String> links, Map<String, org.jsoup.nodes.Document> read) {
    List<String> broken = new ArrayList<>();
    for (String link : links) {
      String[] parts = link.split("#", 2);
      org.jsoup.nodes.Document page = Objects.requireNonNull(read.get(parts[0]), link);
      if (parts.length == 2 && page.getElementById(parts[1]) == null) {
        broken.add(link);
      }
    }
    return broken;
  }

  @Test
  void pagesLinkWhatIsThere() throws IOException {
    Set<String> links = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "resources", "templates"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (MatchResult found : HELP.matcher(Files.readString(file)).results().toList()) {
          links.add(found.group(1) == null ? found.group(2) : found.group(1));
        }
      }
    }
    Map<String, org.jsoup.nodes.Document> read = new HashMap<>();
    for (String link : links) {
      String name = link.replaceFirst("#.*", "");
      read.put(name, Jsoup.parse(read(name).html()));
    }
    assertEquals(List.of(), broken(links, read));
    assertTrue(links.size() > 10, links.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "index.md",
        "../application.properties",
        "operating/../index",
        "/index",
        "operating//backup",
        "openapi",
        "INDEX",
        "a/b/c"
      })
  void nothingElseIsRead(String name) {
    assertFalse(documents.find(name, BASE).isPresent());
  }
}
