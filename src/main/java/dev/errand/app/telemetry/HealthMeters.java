package dev.errand.app.telemetry;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.secret.MasterKeyCheck;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Gauges of the database: whether it accepts writes, whether the master key fits it, and its size.
 * With them an alert can name the reason why {@code /q/health/ready} fails. They are read when
 * metrics are requested.
 */
@ApplicationScoped
class HealthMeters {
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

  private static final String BYTES = "SELECT pg_database_size(current_database()) AS bytes";

  private final MeterRegistry meters;
  private final Sql sql;
  private final WriteProbe writes;
  private final MasterKeyCheck keyCheck;
  private final List<Gauge> gauges = new ArrayList<>();

  HealthMeters(MeterRegistry meters, Sql sql, WriteProbe writes, MasterKeyCheck keyCheck) {
    this.meters = meters;
    this.sql = sql;
    this.writes = writes;
    this.keyCheck = keyCheck;
  }

  void start(@Observes StartupEvent event) {
    check("database_writes", () -> figure(writes.isTaken()));
    check("master_key", () -> writes.isTaken() ? figure(keyCheck.isOpen()) : Double.NaN);
    gauges.add(
        Gauge.builder("errand.database", this::bytes)
            .description("The size of the database's files.")
            .baseUnit("bytes")
            .register(meters));
  }

  // The registry may outlive the application, as in development; the next start registers new
  // gauges.
  void stop(@Observes ShutdownEvent event) {
    gauges.forEach(meters::remove);
  }

  private void check(String name, DoubleSupplier value) {
    gauges.add(
        Gauge.builder("errand.health", value::getAsDouble)
            .description("Whether a check of this process succeeds: 1 or 0.")
            .tag("check", name)
            .register(meters));
  }

  private static double figure(boolean up) {
    return up ? 1 : 0;
  }

  // A database that is known to refuse writes is not waited for once more.
  private double bytes() {
    if (!writes.isTaken()) {
      return Double.NaN;
    }
    try {
      return sql.statement(BYTES).within(LONGEST_LOOK).one(row -> (double) row.number("bytes"));
    } catch (DatabaseException e) {
      return Double.NaN;
    }
  }
}
