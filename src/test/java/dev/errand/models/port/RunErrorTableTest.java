package dev.errand.models.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the table of run errors in the documentation against the enum. */
class RunErrorTableTest {
  private static final Path CONCEPTS = Path.of("src", "docs", "concepts.md");
  private static final String HEADING = "### Errors of a run";

  @Test
  void theTableHasEachErrorWithWhetherARetryHelps() throws IOException {
    List<String[]> rows =
        Files.readAllLines(CONCEPTS).stream()
            .dropWhile(line -> !line.equals(HEADING))
            .skip(1)
            .takeWhile(line -> !line.startsWith("#"))
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|"))
            .toList();

    assertEquals(
        Arrays.stream(RunError.values())
            .map(error -> "`" + error.code() + "` " + word(error.retry()))
            .sorted()
            .toList(),
        rows.stream().map(row -> row[1].strip() + " " + row[3].strip()).sorted().toList());
    for (String[] row : rows) {
      assertFalse(row[2].isBlank() || row[4].isBlank(), row[1]);
    }
  }

  private static String word(RunError.Retry retry) {
    return switch (retry) {
      case HELPS -> "yes";
      case AFTER_CHANGE -> "after that";
      case NEVER -> "no";
    };
  }
}
