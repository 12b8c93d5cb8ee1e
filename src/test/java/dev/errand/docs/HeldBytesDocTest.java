package dev.errand.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.openapi.ApiDocument;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of what is held at once has a row for each {@code GET} of the API. */
class HeldBytesDocTest {
  private static final Set<String> OTHERS = Set.of("pages", "files", "mcp");

  @Test
  void everyGetHasARow() {
    Set<String> written = new TreeSet<>(HeldBytes.documented().answers().keySet());
    assertEquals(OTHERS, written.stream().filter(OTHERS::contains).collect(Collectors.toSet()));
    written.removeAll(OTHERS);
    assertEquals(
        ApiDocument.approved().operations().stream()
            .filter(operation -> operation.method().equals("GET"))
            .map(ApiDocument.Operation::id)
            .collect(Collectors.toCollection(TreeSet::new)),
        written);
  }
}
