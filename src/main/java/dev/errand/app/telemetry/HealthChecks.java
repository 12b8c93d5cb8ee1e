package dev.errand.app.telemetry;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.secret.MasterKeyCheck;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.smallrye.health.runtime.ShutdownReadinessCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.flywaydb.core.Flyway;

/**
 * The health checks. Started: the start is complete. Ready: the database is reachable and accepts
 * writes, its schema fits this build, and the master keys here fit the database and the other
 * processes. Alive: the background loops run.
 */
@ApplicationScoped
class HealthChecks {
  private static final int LONGEST_LOOK_SECONDS = 3;

  private final MasterKeyCheck keyCheck;
  private final Flyway flyway;
  private final DataSource database;
  private final WriteProbe writes;
  private final BackgroundThreads background;
  private final PeriodicJobs jobs;
  private final ShutdownReadinessCheck stopping;
  private volatile boolean started;
  // The schema version never decreases: once it matches this build, it is not checked again.
  private volatile boolean migrated;

  HealthChecks(
      MasterKeyCheck keyCheck,
      Flyway flyway,
      DataSource database,
      WriteProbe writes,
      BackgroundThreads background,
      PeriodicJobs jobs,
      @Readiness ShutdownReadinessCheck stopping) {
    this.keyCheck = keyCheck;
    this.flyway = flyway;
    this.database = database;
    this.writes = writes;
    this.background = background;
    this.jobs = jobs;
    this.stopping = stopping;
  }

  // Before the observers of this event that wait for unfinished work. The framework does the same,
  // before or after.
  void leave(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    stopping.shutdown();
  }

  void started(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    started = true;
  }

  @Produces
  @ApplicationScoped
  @Startup
  HealthCheck start() {
    return () -> HealthCheckResponse.named("start").status(started).build();
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck masterKey() {
    return () -> HealthCheckResponse.named("master key").status(keyCheck.isOpen()).build();
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck schema() {
    return () -> HealthCheckResponse.named("schema").status(isMigrated()).build();
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck takesWrites() {
    return () -> HealthCheckResponse.named("database writes").status(writes.isTaken()).build();
  }

  @Produces
  @ApplicationScoped
  @Liveness
  HealthCheck backgroundThreads() {
    return () -> without("background threads", "ended", background.ended());
  }

  @Produces
  @ApplicationScoped
  @Liveness
  HealthCheck periodicJobs() {
    return () -> without("periodic jobs", "overdue", jobs.overdue());
  }

  private static HealthCheckResponse without(String check, String lack, List<String> names) {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named(check).status(names.isEmpty());
    return names.isEmpty()
        ? answer.build()
        : answer.withData(lack, String.join(", ", names)).build();
  }

  private boolean isMigrated() {
    if (!migrated) {
      // Flyway alone would try for long to reach an unreachable database.
      try (Connection connection = database.getConnection()) {
        // The pool does not validate a connection that was used a moment ago.
        migrated = connection.isValid(LONGEST_LOOK_SECONDS) && flyway.info().pending().length == 0;
      } catch (SQLException | RuntimeException e) {
        // The database is unreachable; its own check reports that.
        return false;
      }
    }
    return migrated;
  }
}
