package dev.errand.identity.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The statements that the documents tell an operator to run for a role that serves alone. */
final class DocumentedGrants {
  private static final Path DOCUMENT = Path.of("src/docs/operating.md");
  private static final String BEGIN = "```sql\n";

  private DocumentedGrants() {}

  /** The statements, for a role of this name. */
  static List<String> read(String role) {
    try {
      String text = Files.readString(DOCUMENT);
      int begin = text.indexOf(BEGIN) + BEGIN.length();
      String script = text.substring(begin, text.indexOf("```", begin));
      return Arrays.stream(script.split(";", -1))
          .map(statement -> statement.strip().replace("errand_service", role))
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
