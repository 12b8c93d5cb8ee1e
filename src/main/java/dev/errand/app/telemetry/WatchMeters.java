package dev.errand.app.telemetry;

import dev.errand.automation.watch.TaskWatchService;
import dev.errand.base.database.DatabaseException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * The gauge of what watches of tasks miss, read when metrics are requested. Every process reports
 * the same value.
 */
@ApplicationScoped
class WatchMeters {
  private final MeterRegistry meters;
  private final TaskWatchService watches;
  private @Nullable Gauge missed;

  WatchMeters(MeterRegistry meters, TaskWatchService watches) {
    this.meters = meters;
    this.watches = watches;
  }

  void start(@Observes StartupEvent event) {
    missed =
        Gauge.builder("errand.watches.missed", this::missed)
            .description("Conditions of the watches of tasks that are missed.")
            .register(meters);
  }

  // The registry may outlive the application, as in development; the next start registers a new
  // gauge.
  void stop(@Observes ShutdownEvent event) {
    if (missed != null) {
      meters.remove(missed);
    }
  }

  private double missed() {
    try {
      return watches.countMissed();
    } catch (DatabaseException e) {
      return Double.NaN;
    }
  }
}
