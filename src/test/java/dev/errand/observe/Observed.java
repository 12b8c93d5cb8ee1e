package dev.errand.observe;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.Map;

/** A service that logs all that it has to say, as it does where it is deployed, into a file. */
public final class Observed implements QuarkusTestProfile {
  static final Path LOG = Path.of("target", "observed", "errand.log");

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("quarkus.log.file.enabled", "true"),
        Map.entry("quarkus.log.file.path", LOG.toString()),
        Map.entry("quarkus.log.file.json.enabled", "true"),
        Map.entry("quarkus.log.file.rotation.max-file-size", "64M"),
        Map.entry("quarkus.log.console.level", "WARN"),
        Map.entry("quarkus.log.category.\"dev.errand\".level", "DEBUG"));
  }
}
