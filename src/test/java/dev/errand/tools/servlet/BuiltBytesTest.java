package dev.errand.tools.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of servlets are those that were built from the sources beside them. */
class BuiltBytesTest {
  @ParameterizedTest
  @CsvSource({
    "src/main/servlets, src/main/resources/servlets",
    "src/test/servlets, src/test/resources/servlets"
  })
  void everySourceAndEveryServletHasTheSumThatTheManifestGives(Path sources, Path bytes)
      throws Exception {
    Set<String> listed = new HashSet<>();
    boolean toolchain = false;
    for (String line : Files.readAllLines(bytes.resolve("MANIFEST"))) {
      if (line.startsWith("toolchain ")) {
        toolchain = true;
        continue;
      }
      List<String> parts = List.of(line.split(" {2}", 2));
      String file = parts.get(1);
      assertEquals(sumOf(Path.of(file)), parts.get(0), file + ": run " + sources + "/build.sh");
      listed.add(file);
    }
    assertTrue(toolchain, "the manifest names the toolchain");
    assertEquals(expected(sources, bytes), listed);
  }

  private static Set<String> expected(Path sources, Path bytes) throws IOException {
    Set<String> files = new HashSet<>();
    try (Stream<Path> written = Files.walk(sources);
        Stream<Path> built = Files.walk(bytes)) {
      Stream.concat(
              written.filter(path -> !path.toString().matches(".*\\.(md|java)")),
              built.filter(path -> path.toString().matches(".*\\.(wasm|txt)")))
          .filter(Files::isRegularFile)
          .forEach(path -> files.add(path.toString()));
    }
    return files;
  }

  private static String sumOf(Path path) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
  }
}
