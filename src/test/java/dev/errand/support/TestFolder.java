package dev.errand.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where tests that start the service keep their files: two JVMs have some of the tests each. */
public final class TestFolder {
  private static final Path FOLDER =
      Path.of("target", "test-data", System.getProperty("errand.test.fork", "1"));

  private TestFolder() {}

  /** A place of this JVM's own, of which only the folder exists yet. */
  public static Path of(String name) {
    try {
      return Files.createDirectories(FOLDER).resolve(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
