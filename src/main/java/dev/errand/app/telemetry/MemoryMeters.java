package dev.errand.app.telemetry;

import dev.errand.base.limit.ByteBudget;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Gauges of the parse budget. */
@ApplicationScoped
class MemoryMeters {
  private final MeterRegistry meters;
  private final ByteBudget budget;

  MemoryMeters(MeterRegistry meters, ByteBudget budget) {
    this.meters = meters;
    this.budget = budget;
  }

  void start(@Observes StartupEvent event) {
    Gauge.builder("errand.parse.budget.used", budget, ByteBudget::used)
        .description("Memory that is reserved for parsing data from outside.")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("errand.parse.budget", budget, ByteBudget::capacity)
        .description("Memory that may be reserved for parsing data from outside.")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("errand.parse.refused", budget, ByteBudget::refused)
        .description("Bodies, answers and calls that were refused for lack of memory.")
        .register(meters);
  }
}
