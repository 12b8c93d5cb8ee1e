package dev.errand.app.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class StartPreparationTest {
  private static final Map<String, String> PACKAGED = Map.of("quarkus.otel.sdk.disabled", "true");
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

  @Test
  void tracesAreExportedIfAnEndpointIsSet() {
    assertTrue(StartPreparation.isToBeTraced(config(Map.of(ENDPOINT, "http://collector:4317"))));
  }

  @Test
  void tracesAreNotExportedByDefault() {
    assertFalse(StartPreparation.isToBeTraced(config(Map.of())));
    assertFalse(StartPreparation.isToBeTraced(config(Map.of(ENDPOINT, " "))));
  }

  @Test
  void switchingTracesOffOverridesAnEndpoint() {
    assertFalse(
        StartPreparation.isToBeTraced(
            config(
                Map.of(ENDPOINT, "http://collector:4317", "quarkus.otel.sdk.disabled", "true"))));
  }

  @Test
  void requestModeHasNoPeriodicJobs() {
    String worker = "errand.worker.mode";
    String callback = "errand.callback.mode";
    assertTrue(StartPreparation.hasPeriodicJobs(config(Map.of())));
    assertTrue(StartPreparation.hasPeriodicJobs(config(Map.of(worker, "loop"))));
    assertTrue(
        StartPreparation.hasPeriodicJobs(config(Map.of(worker, "request", callback, "loop"))));
    assertTrue(StartPreparation.hasPeriodicJobs(config(Map.of(callback, "request"))));
    assertFalse(StartPreparation.hasPeriodicJobs(config(Map.of(worker, "REQUEST"))));
  }

  @Test
  void itsDatabaseOutlastsTheLongestDrain() {
    assertEquals(Duration.ofSeconds(25 + 30), StartPreparation.longestStop(config(Map.of())));
    assertEquals(
        Duration.ofSeconds(120 + 5 + 8 + 30),
        StartPreparation.longestStop(
            config(
                Map.of(
                    "errand.worker.drain",
                    "PT2M",
                    "quarkus.shutdown.delay",
                    "5S",
                    "quarkus.shutdown.timeout",
                    "8"))));
  }

  private static Config config(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .withSources(
            new PropertiesConfigSource(PACKAGED, "application.properties", 250),
            new PropertiesConfigSource(environment, "environment", 300))
        .build();
  }
}
