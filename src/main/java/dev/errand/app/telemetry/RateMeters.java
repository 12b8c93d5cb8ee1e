package dev.errand.app.telemetry;

import dev.errand.runs.rate.RateLine;
import dev.errand.runs.rate.RateRefused;
import dev.errand.runs.rate.RateWaited;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;

/**
 * Meters of requests to models that wait for the rate of their key: a gauge, which every process
 * reports with the same value, and counters of what this process saw.
 */
@ApplicationScoped
class RateMeters {
  private final MeterRegistry meters;
  private final SharedReading<Long> waiting;
  private final List<Gauge> gauges = new ArrayList<>();
  private final Counter waited;
  private final Counter refused;

  RateMeters(MeterRegistry meters, RateLine line, ObserveConfig config) {
    this.meters = meters;
    this.waiting = new SharedReading<>("rates", config.queueEvery(), line::waiting);
    // Registered at the start, so that the first one shows as an increase.
    this.waited =
        Counter.builder("errand.rate.waited")
            .description("Requests to models that waited in line for the rate of their key.")
            .register(meters);
    this.refused =
        Counter.builder("errand.rate.refused")
            .description("Requests to models that their server refused for their rate.")
            .register(meters);
  }

  void start(@Observes StartupEvent event) {
    gauges.add(
        Gauge.builder("errand.rate.waiting", () -> waiting.of(runs -> (double) runs))
            .description("Runs that wait for the rate of a key.")
            .register(meters));
  }

  // The registry may outlive the application, as in development; the next start registers new
  // gauges.
  void stop(@Observes ShutdownEvent event) {
    gauges.forEach(meters::remove);
  }

  void waited(@Observes RateWaited event) {
    waited.increment();
  }

  void refused(@Observes RateRefused event) {
    refused.increment();
  }
}
