package dev.errand.app.telemetry;

import dev.errand.support.SpanReceiver;
import dev.errand.support.TestFolder;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A service as it is where it is deployed: it logs JSON, here all that it has to say and into a
 * file, and sends its traces to a collector.
 */
public final class Observed implements QuarkusTestProfile {
  /** What events bring. */
  public static final String EVENTS_TOKEN = "a-token-for-the-events-of-tests-of-32";

  static final Path LOG = TestFolder.of("errand.log");

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("quarkus.log.file.enabled", "true"),
        Map.entry("quarkus.log.file.path", LOG.toString()),
        Map.entry("quarkus.log.file.json.enabled", "true"),
        Map.entry("quarkus.log.file.rotation.max-file-size", "64M"),
        Map.entry("errand.events.token", EVENTS_TOKEN),
        Map.entry("quarkus.log.console.level", "WARN"),
        Map.entry("quarkus.log.category.\"dev.errand\".level", "DEBUG"));
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(SpanReceiver.class));
  }
}
