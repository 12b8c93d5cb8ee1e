package dev.errand.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bundled bytes are those that were built from the sources beside them. */
class BundledBytesTest {
  private static final Path BYTES = Path.of("src/main/resources/servlets");
  private static final Path SOURCES = Path.of("src/main/servlets");

  @Test
  void everySourceAndEveryServletHasTheSumThatTheManifestGives() throws Exception {
    Set<String> listed = new HashSet<>();
    boolean toolchain = false;
    for (String line : Files.readAllLines(BYTES.resolve("MANIFEST"))) {
      if (line.startsWith("toolchain ")) {
        toolchain = true;
        continue;
      }
      List<String> parts = List.of(line.split(" {2}", 2));
      assertEquals(sumOf(Path.of(parts.get(1))), parts.get(0), parts.get(1) + ": run -Pservlets");
      listed.add(parts.get(1));
    }
    assertTrue(toolchain, "the manifest names the toolchain");
    assertEquals(expected(), listed);
    assertFalse(listed.isEmpty());
  }

  private static Set<String> expected() throws IOException {
    Set<String> files = new HashSet<>();
    try (Stream<Path> sources = Files.walk(SOURCES);
        Stream<Path> bytes = Files.walk(BYTES)) {
      Stream.concat(
              sources.filter(path -> path.toString().matches(".*\\.(rs|sh|bin)")),
              bytes.filter(path -> path.toString().endsWith(".wasm")))
          .forEach(path -> files.add(path.toString()));
    }
    return files;
  }

  private static String sumOf(Path path) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
  }
}
