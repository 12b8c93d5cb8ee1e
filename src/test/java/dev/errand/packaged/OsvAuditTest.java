package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsvAuditTest {
  private static final Path KNOWN = Path.of("src", "test", "resources", "osv", "known.json");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    // introduced 0, fixed 1.4.0; introduced 2.0.0, last affected 2.3
    "1.3.9, true",
    "1.4.0-rc1, true",
    "1.4.0, false",
    "1.4, false",
    "1.10, false",
    "2.0.0-alpha, false",
    "2.0, true",
    "2.3.0.Final, true",
    "2.3.1, false",
    // listed by itself
    "7.0.1, true",
    "7.0.2, false"
  })
  void versionsAreComparedAsMavenDoes(String version, boolean affected) throws Exception {
    assertEquals(
        affected
            ? List.of("org.example:one:" + version + " TEST-2026-1: One is broken")
            : List.of(),
        found("org.example:one:" + version));
  }

  @Test
  void vulnerabilitiesAreFoundByPurlUnlessWithdrawn() throws Exception {
    assertEquals(
        List.of("org.example:two:3.0 TEST-2026-2"),
        found("org.example:two:3.0", "org.example:three:3.0", "com.example:one:1.0"));
  }

  @Test
  void componentsComeFromTheSbom() throws Exception {
    Path sbom = folder.resolve("sbom.json");
    Files.writeString(
        sbom,
        """
        {"bomFormat": "CycloneDX", "components": [
          {"purl": "pkg:maven/org.example/one@1.0%2Bb1?type=jar"},
          {"purl": "pkg:maven/org.example/two@3.0?classifier=linux&type=jar"},
          {"name": "a file without one"}]}
        """);
    assertEquals(
        Set.of("org.example:one:1.0+b1", "org.example:two:3.0"), OsvAudit.components(sbom));
  }

  @Test
  void invalidFilesAreNotTakenForNoVulnerabilities() throws Exception {
    Path file = Files.writeString(folder.resolve("other.json"), "{\"name\": \"other\"}");
    assertThrows(IOException.class, () -> OsvAudit.findings(Set.of("org.example:one:1"), file));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThrows(IOException.class, () -> OsvAudit.findings(Set.of("org.example:one:1"), empty));
  }

  private static List<String> found(String... components) throws IOException {
    return OsvAudit.findings(Set.of(components), KNOWN).stream().map(Object::toString).toList();
  }
}
