package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of what is packaged, and what an audit finds by it. */
class SbomIT {
  @TempDir Path folder;

  @Test
  void everyJarThatIsPackagedIsListed() throws Exception {
    Set<String> listed =
        OsvAudit.components(sbom()).stream()
            .map(component -> component.replaceFirst(":", "."))
            .map(component -> component.replace(':', '-') + ".jar")
            .collect(Collectors.toCollection(TreeSet::new));
    Path app = Path.of("target", "quarkus-app");
    if (!Files.exists(app)) {
      assertTrue(listed.size() > 100, "what an executable is built of");
      return;
    }
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> jars = Files.walk(app.resolve("lib"))) {
      jars.map(jar -> jar.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .filter(name -> !listed.contains(name))
          // Of artifacts with a classifier, the name ends by it.
          .filter(name -> listed.stream().noneMatch(one -> isClassified(name, one)))
          .forEach(missing::add);
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void anAuditFindsWhatIsPackagedAndVulnerable() throws Exception {
    Set<String> components = OsvAudit.components(sbom());
    String jackson =
        components.stream()
            .filter(name -> name.startsWith("com.fasterxml.jackson.core:jackson-databind:"))
            .findFirst()
            .orElseThrow();
    String version = jackson.substring(jackson.lastIndexOf(':') + 1);
    Files.writeString(
        folder.resolve("found.json"), osv("TEST-1", "\"last_affected\": \"" + version + "\""));
    Files.writeString(
        folder.resolve("fixed.json"), osv("TEST-2", "\"fixed\": \"" + version + "\""));
    assertEquals(
        List.of(jackson + " TEST-1: Only a test"),
        OsvAudit.findings(components, folder).stream().map(Object::toString).toList());
  }

  private static boolean isClassified(String jar, String listed) {
    return jar.startsWith(listed.substring(0, listed.length() - ".jar".length()) + "-");
  }

  private static String osv(String id, String end) {
    return """
    {"id": "%s", "summary": "Only a test", "modified": "2026-01-01T00:00:00Z",
      "affected": [{"package": {"ecosystem": "Maven",
        "name": "com.fasterxml.jackson.core:jackson-databind"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {%s}]}]}]}
    """
        .formatted(id, end);
  }

  /** The list that the build made. */
  static Path sbom() throws IOException {
    try (Stream<Path> files =
        Files.find(
            Path.of("target"),
            2,
            (path, attributes) -> path.toString().endsWith("-cyclonedx.json"))) {
      return files
          .filter(path -> !path.startsWith(Path.of("target", "native")))
          .findFirst()
          .orElseThrow(() -> new IOException("No SBOM was built: package it first."));
    }
  }
}
