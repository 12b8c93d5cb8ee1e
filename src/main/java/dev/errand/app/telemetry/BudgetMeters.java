package dev.errand.app.telemetry;

import dev.errand.base.json.Coded;
import dev.errand.runs.budget.BudgetLedger;
import dev.errand.runs.budget.BudgetOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Meters of budgets: what became of the requests that they count, as this process saw it, and a
 * gauge of the runs that wait for one, which every process reports with the same value.
 */
@ApplicationScoped
class BudgetMeters {
  private final MeterRegistry meters;
  private final SharedReading<Long> waiting;
  private final Map<BudgetOutcome, Counter> requests = new EnumMap<>(BudgetOutcome.class);
  private @Nullable Gauge gauge;

  BudgetMeters(MeterRegistry meters, BudgetLedger ledger, ObserveConfig config) {
    this.meters = meters;
    this.waiting = new SharedReading<>("runs that wait", config.queueEvery(), ledger::waiting);
    // Registered at the start, so that the first one shows as an increase.
    for (BudgetOutcome outcome : BudgetOutcome.values()) {
      requests.put(
          outcome,
          Counter.builder("errand.budget.requests")
              .description("Requests to models that budgets count.")
              .tag("outcome", Coded.codeOf(outcome))
              .register(meters));
    }
  }

  void start(@Observes StartupEvent event) {
    gauge =
        Gauge.builder("errand.budget.waiting", () -> waiting.of(runs -> runs))
            .description("Runs that wait for a budget.")
            .register(meters);
  }

  // The registry may outlive the application, as in development; the next start registers a new
  // gauge.
  void stop(@Observes ShutdownEvent event) {
    meters.remove(Objects.requireNonNull(gauge));
  }

  void counted(@Observes BudgetOutcome outcome) {
    Objects.requireNonNull(requests.get(outcome)).increment();
  }
}
