package dev.errand.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference of the configuration is generated from the sources, and committed. */
class ConfigurationDocTest {
  private static final Path REFERENCE = Path.of("src", "docs", "configuration.md");
  private static final String RENEW =
      "./mvnw test -Dtest=ConfigurationDocTest -Dconfiguration.renew";

  @Test
  void theReferenceIsWhatTheSourcesSay() throws IOException {
    String generated = ConfigurationReference.of(Path.of("src", "main", "java"));
    if (System.getProperty("configuration.renew") != null) {
      Files.writeString(REFERENCE, generated);
    }
    assertEquals(
        Files.exists(REFERENCE) ? Files.readString(REFERENCE) : "",
        generated,
        REFERENCE + " is not what the sources say. Renew it: " + RENEW);
  }

  @Test
  void everySettingIsExplained() throws IOException {
    assertEquals(
        List.of(),
        ConfigurationReference.unexplained(
            ConfigurationReference.of(Path.of("src", "main", "java"))));
  }
}
