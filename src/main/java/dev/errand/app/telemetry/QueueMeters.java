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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of the queue, read when metrics are requested. Every process reports the same values,
 * since all share one queue.
 */
@ApplicationScoped
class QueueMeters {
  private static final Logger LOG = Logger.getLogger(QueueMeters.class);

  private final MeterRegistry meters;
  private final Sql sql;
  private final Worker worker;
  private final int each;
  private final long freshNanos;
  private final List<Gauge> gauges = new ArrayList<>();
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable QueueDepth depth;
  private long askedAt;

  QueueMeters(
      MeterRegistry meters, Sql sql, Worker worker, WorkerConfig settings, ObserveConfig config) {
    this.meters = meters;
    this.sql = sql;
    this.worker = worker;
    this.each = settings.concurrency();
    this.freshNanos = config.queueEvery().toNanos();
    this.askedAt = System.nanoTime() - freshNanos;
  }

  void start(@Observes StartupEvent event) {
    runs("pending", QueueDepth::pending);
    runs("running", QueueDepth::running);
    gauges.add(
        Gauge.builder("errand.queue.age", () -> read(depth -> seconds(depth.age())))
            .description("How long the oldest due run that could start has been due.")
            .baseUnit("seconds")
            .register(meters));
    gauges.add(
        Gauge.builder(
                "errand.processes.wanted",
                () -> read(depth -> (double) depth.processes(each, worker.places())))
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
        Gauge.builder("errand.queue.runs", () -> read(value))
            .description("Runs that have not ended, of all processes.")
            .tag("status", status)
            .register(meters));
  }

  private double read(ToDoubleFunction<QueueDepth> value) {
    turn.lock();
    try {
      if (System.nanoTime() - askedAt >= freshNanos) {
        depth = read();
        askedAt = System.nanoTime();
      }
      return depth == null ? Double.NaN : value.applyAsDouble(depth);
    } finally {
      turn.unlock();
    }
  }

  private @Nullable QueueDepth read() {
    try {
      return QueueDepth.read(sql);
    } catch (RuntimeException e) {
      // The other metrics are still reported.
      LOG.debugf("The queue could not be read: %s", e.getMessage());
      return null;
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
