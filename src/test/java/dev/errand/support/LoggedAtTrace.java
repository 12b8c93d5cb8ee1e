package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.Map;

/** Logs all categories at the lowest level that the build has, into a file. */
public abstract class LoggedAtTrace implements QuarkusTestProfile {
  private final Path log;

  protected LoggedAtTrace(Path log) {
    this.log = log;
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("quarkus.log.min-level", "TRACE"),
        Map.entry("quarkus.log.level", "TRACE"),
        Map.entry("quarkus.log.console.enabled", "false"),
        Map.entry("quarkus.log.file.enabled", "true"),
        Map.entry("quarkus.log.file.path", log.toString()),
        Map.entry("quarkus.log.file.level", "TRACE"),
        Map.entry("quarkus.log.file.rotation.max-file-size", "1G"),
        Map.entry("quarkus.http.access-log.enabled", "true"),
        Map.entry("quarkus.log.file.format", "%c %p %s%e%n"));
  }
}
