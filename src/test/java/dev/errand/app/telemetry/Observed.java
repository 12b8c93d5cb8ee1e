package dev.errand.app.telemetry;

import dev.errand.support.Settings;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A service as it is where it is deployed: it logs JSON, here all that it has to say and into a
 * file, and sends its traces to a collector.
 */
public final class Observed implements Settings {
  /** What events bring. */
  public static final String EVENTS_TOKEN = "a-token-for-the-events-of-tests-of-32";

  static final Path LOG = TestFolder.of("errand.log");

  private final SpanReceiver spans = new SpanReceiver();

  @Override
  public Map<String, String> start() {
    Map<String, String> settings = new HashMap<>(spans.start());
    settings.putAll(
        Map.ofEntries(
            Map.entry("quarkus.log.file.enabled", "true"),
            Map.entry("quarkus.log.file.path", LOG.toString()),
            Map.entry("quarkus.log.file.json.enabled", "true"),
            Map.entry("quarkus.log.file.rotation.max-file-size", "64M"),
            Map.entry("errand.events.token", EVENTS_TOKEN),
            Map.entry("quarkus.log.console.level", "WARN"),
            Map.entry("quarkus.log.category.\"dev.errand\".level", "DEBUG")));
    return settings;
  }

  @Override
  public void stop() {
    spans.stop();
  }
}
