package dev.errand.app.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The released versions whose schemas are kept as dumps. */
public final class SchemaVersions {
  /** Where the dumps are, each named by its version. */
  public static final Path FOLDER = Path.of("src", "test", "resources", "schemas");

  private SchemaVersions() {}

  /** The versions, such as {@code 0.1.0}. */
  public static Set<String> released() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sql"))
          .map(name -> name.substring(0, name.length() - ".sql".length()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
