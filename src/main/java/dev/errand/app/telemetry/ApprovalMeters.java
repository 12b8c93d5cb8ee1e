package dev.errand.app.telemetry;

import dev.errand.base.json.Coded;
import dev.errand.runs.approval.ApprovalDecided;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.approval.ApprovalStatus;
import dev.errand.runs.approval.OpenApprovals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Meters of tool calls that wait for a person: gauges, which every process reports with the same
 * values, and a counter of what this process saw decided.
 */
@ApplicationScoped
class ApprovalMeters {
  private final MeterRegistry meters;
  private final SharedReading<OpenApprovals> open;
  private final List<Gauge> gauges = new ArrayList<>();
  private final Map<ApprovalStatus, Counter> decided = new EnumMap<>(ApprovalStatus.class);

  ApprovalMeters(MeterRegistry meters, ApprovalService approvals, ObserveConfig config) {
    this.meters = meters;
    this.open = new SharedReading<>("approvals", config.queueEvery(), approvals::open);
    // Registered at the start, so that the first one shows as an increase.
    for (ApprovalStatus status :
        EnumSet.complementOf(EnumSet.of(ApprovalStatus.OPEN, ApprovalStatus.CANCELLED))) {
      decided.put(
          status,
          Counter.builder("errand.approvals.decided")
              .description("Tool calls about which persons, or the time, decided.")
              .tag("outcome", Coded.codeOf(status))
              .register(meters));
    }
  }

  void start(@Observes StartupEvent event) {
    gauges.add(
        Gauge.builder("errand.approvals.waiting", () -> open.of(OpenApprovals::number))
            .description("Tool calls that wait for a person.")
            .register(meters));
    gauges.add(
        Gauge.builder(
                "errand.approvals.oldest", () -> open.of(now -> now.oldest().toMillis() / 1000.0))
            .description("How long the oldest of them has waited.")
            .baseUnit("seconds")
            .register(meters));
  }

  // The registry may outlive the application, as in development; the next start registers new
  // gauges.
  void stop(@Observes ShutdownEvent event) {
    gauges.forEach(meters::remove);
  }

  void decided(@Observes(during = TransactionPhase.AFTER_SUCCESS) ApprovalDecided done) {
    Objects.requireNonNull(decided.get(done.status())).increment();
  }
}
