package dev.errand.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of the largest answers, and of what the service holds for each at once.
 *
 * @param answers the most bytes of an answer, by the id of the operation
 */
public record HeldBytes(Map<String, Long> answers) {
  static final Path DOCUMENT = Path.of("src", "docs", "operating", "memory.md");

  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Za-z]+)` \\| ([0-9]+) (KB|MB) \\| (.+) \\|");
  private static final Pattern STREAMED =
      Pattern.compile("\\| `([A-Za-z]+)` \\| streamed \\| (.+) \\|");

  private static final HeldBytes DOCUMENTED = read();

  /** The table. */
  public static HeldBytes documented() {
    return DOCUMENTED;
  }

  /** The most bytes of an answer; without end where it is streamed. */
  public long answer(String operation) {
    Long most = answers.get(operation);
    if (most == null) {
      throw new AssertionError(
          DOCUMENT + " does not say what " + operation + " holds: add a row to its table.");
    }
    return most;
  }

  private static HeldBytes read() {
    Map<String, Long> answers = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(DOCUMENT)) {
        Matcher row = ROW.matcher(line);
        if (row.matches()) {
          long unit = row.group(3).equals("KB") ? 1024 : 1024 * 1024;
          answers.put(row.group(1), Long.parseLong(row.group(2)) * unit);
        }
        Matcher streamed = STREAMED.matcher(line);
        if (streamed.matches()) {
          answers.put(streamed.group(1), Long.MAX_VALUE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HeldBytes(answers);
  }
}
