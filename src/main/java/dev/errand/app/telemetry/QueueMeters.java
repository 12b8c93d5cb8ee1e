package dev.errand.app.telemetry;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.QueueDepth;
import dev.errand.runs.worker.Worker;
import dev.errand.runs.worker.WorkerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of the queue, read when metrics are requested. Every process reports the same values,
 * since all share one queue.
 */
@ApplicationScoped
class QueueMeters {
  private final MeterRegistry meters;
  private final Worker worker;
  private final int each;
  private final SharedReading<QueueDepth> depth;
  private final List<Gauge> gauges = new ArrayList<>();

  QueueMeters(
      MeterRegistry meters, Sql sql, Worker worker, WorkerConfig settings, ObserveConfig config) {
    this.meters = meters;
    this.worker = worker;
    this.each = settings.concurrency();
    this.depth = new SharedReading<>("queue", config.queueEvery(), () -> QueueDepth.read(sql));
  }

  void start(@Observes StartupEvent event) {
    runs("pending", QueueDepth::pending);
    runs("running", QueueDepth::running);
    gauges.add(
        Gauge.builder("errand.queue.age", () -> depth.of(now -> seconds(now.age())))
            .description("How long the oldest due run that could start has been due.")
            .baseUnit("seconds")
            .register(meters));
    if (worker.places() > 0) {
      processes();
    }
  }

  private void processes() {
    gauges.add(
        Gauge.builder(
                "errand.processes.wanted",
                () -> depth.of(now -> (double) now.processes(each, worker.places())))
            .description(
                "How many processes are needed to execute all runs that could be"
                    + " executed now.")
            .register(meters));
  }

  // The registry may outlive the application, as in development; the next start registers new
  // gauges.
  void stop(@Observes ShutdownEvent event) {
    gauges.forEach(meters::remove);
  }

  private void runs(String status, ToDoubleFunction<QueueDepth> value) {
    gauges.add(
        Gauge.builder("errand.queue.runs", () -> depth.of(value))
            .description("Runs that have not ended, of all processes.")
            .tag("status", status)
            .register(meters));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
