package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Logs all categories at the lowest level that the build has, into a file. Tests that look for
 * secrets there share it, and with it one start of the service.
 */
public final class LoggedAtTrace implements QuarkusTestProfile {
  private static final Path LOG = TestFolder.of("logged-at-trace.log");
  private static final int MOST = 20;
  private static final int LONGEST = 300;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("quarkus.log.min-level", "TRACE"),
        Map.entry("quarkus.log.level", "TRACE"),
        Map.entry("quarkus.log.console.enabled", "false"),
        Map.entry("quarkus.log.file.enabled", "true"),
        Map.entry("quarkus.log.file.path", LOG.toString()),
        Map.entry("quarkus.log.file.level", "TRACE"),
        Map.entry("quarkus.log.file.rotation.max-file-size", "1G"),
        Map.entry("quarkus.http.access-log.enabled", "true"),
        Map.entry("quarkus.log.file.format", "%c %p %s%e%n"));
  }

  /** The first lines of the log that have a text, each cut after 300 characters. */
  public static List<String> linesWith(String text) {
    try (Stream<String> lines = Files.lines(LOG)) {
      return lines
          .filter(line -> line.contains(text))
          .map(line -> line.substring(0, Math.min(line.length(), LONGEST)))
          .limit(MOST)
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until the log has a request.
   *
   * @param part of its address, which no other request has
   */
  public static void awaitRequest(String part) {
    Eventually.await("a log that has the last request", () -> !linesWith(part).isEmpty());
  }
}
