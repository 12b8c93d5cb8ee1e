package dev.errand.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder for files of tests that start the service: several JVMs run them side by side. */
public final class TestFolder {
  private static final Path FOLDER =
      Path.of("target", "test-data", System.getProperty("errand.test.fork", "1"));

  private TestFolder() {}

  /** A path in the folder of this JVM, which is created; the file itself is not. */
  public static Path of(String name) {
    try {
      return Files.createDirectories(FOLDER).resolve(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
