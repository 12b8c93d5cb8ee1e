package dev.errand.app.database;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Migrates the schema without a statement timeout but with a lock timeout. A migration of a large
 * table may take longer than other statements may; one that waits for a lock blocks all statements
 * on that table behind it.
 */
@Singleton
public class SchemaMigration implements FlywayConfigurationCustomizer {
  /** The setting that says whether the start migrates. */
  public static final String AT_START = "errand.start.migrates";

  private static final Logger LOG = Logger.getLogger("dev.errand");
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  // A process that waits for the lock of the process that migrates would keep a transaction open,
  // and a concurrent index build by that one would wait for the end of this transaction.
  private static final int NO_WAITING_IN_A_TRANSACTION = 0;

  private final MigrationConfig config;
  private final StartingPorts ports;
  private final boolean atStart;

  SchemaMigration(
      MigrationConfig config,
      StartingPorts ports,
      @ConfigProperty(name = AT_START) boolean atStart) {
    this.config = config;
    this.ports = ports;
    this.atStart = atStart;
  }

  // If the framework also migrates at the start, it finds nothing left to do.
  @Override
  public void customize(FluentConfiguration configuration) {
    MigrationTimeouts timeouts = new MigrationTimeouts(config.lockTimeout(), ports::reached);
    configuration.callbacks(timeouts).lockRetryCount(NO_WAITING_IN_A_TRANSACTION);
    if (atStart) {
      ports.answerSoon();
      if (isUpToDate(configuration)) {
        // The rest is short, and who connects while the ports change hands is not answered.
        ports.close();
      } else {
        migrate(configuration, timeouts);
      }
    } else if (LaunchMode.current() == LaunchMode.NORMAL) {
      requireUpToDate(configuration);
    }
  }

  // Otherwise Flyway finds the same, and says why. It finds migrations by itself where the
  // framework did not list them.
  private boolean isUpToDate(FluentConfiguration configuration) {
    if (configuration.getResourceProvider() == null) {
      return false;
    }
    try {
      boolean isUpToDate = AppliedMigrations.missing(configuration).isEmpty();
      ports.reached();
      return isUpToDate;
    } catch (SQLException e) {
      LOG.debugf("The migrations could not be compared, so Flyway does it: %s", e.getMessage());
      return false;
    }
  }

  private static void requireUpToDate(FluentConfiguration configuration) {
    Optional<String> missing;
    try {
      missing = AppliedMigrations.missing(configuration);
    } catch (SQLException e) {
      throw new FlywayException("The migrations of the database could not be read.", e);
    }
    if (missing.isPresent()) {
      throw new StartException(
          ("The database's schema does not match this build, which needs %s: let the start bring it"
                  + " up to date, without QUARKUS_FLYWAY_MIGRATE_AT_START=false, or run the migration"
                  + " first.")
              .formatted(missing.get()));
    }
  }

  // The last step of the start before the framework opens the ports.
  void started(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    ports.close();
  }

  private void migrate(FluentConfiguration configuration, MigrationTimeouts timeouts) {
    long end = System.nanoTime() + config.longestWait().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        new Flyway(configuration).migrate();
        return;
      } catch (FlywayException e) {
        if (isForAnotherProcess(e)) {
          // However long it takes: it may be building an index of a large table.
          LOG.info("Another process migrates the schema; this start waits for it.");
        } else if (isForLocks(e)) {
          giveUpAfter(end - pause.toNanos(), timeouts, e);
        } else {
          throw e;
        }
      }
      // In the pause, the statements that waited behind the migration run.
      LockSupport.parkNanos(pause.toNanos());
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private static void giveUpAfter(long end, MigrationTimeouts timeouts, FlywayException failure) {
    String sentence =
        "The schema was not migrated: %s waited for a lock, and %s."
            .formatted(timeouts.script(), timeouts.holders());
    if (System.nanoTime() - end > 0) {
      throw new StartException(
          sentence
              + " Then start again; ERRAND_MIGRATION_LONGEST_WAIT says for how long a start"
              + " tries.",
          failure);
    }
    LOG.warnf("%s It is retried.", sentence);
  }

  private static boolean isForAnotherProcess(FlywayException failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (String.valueOf(t.getMessage())
          .startsWith("Number of retries exceeded while attempting")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForLocks(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      // lock_not_available; deadlock_detected
      if (t instanceof SQLException e
          && ("55P03".equals(e.getSQLState()) || "40P01".equals(e.getSQLState()))) {
        return true;
      }
    }
    return false;
  }
}
