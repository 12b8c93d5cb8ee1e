package dev.errand.app.migration;

import dev.errand.app.embedded.StartException;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Migrates the schema without a statement timeout but with a lock timeout. A migration of a large
 * table may take longer than other statements may; one that waits for a lock blocks all statements
 * on that table behind it.
 */
@Singleton
public class UnhurriedMigrations implements FlywayConfigurationCustomizer {
  /** The setting by which the start says whether it migrates. */
  public static final String AT_START = "errand.start.migrates";

  private static final Logger LOG = Logger.getLogger("dev.errand");
  private static final int LOOKS_PER_TRY = 4;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final MigrationConfig config;
  private final boolean atStart;

  UnhurriedMigrations(MigrationConfig config, @ConfigProperty(name = AT_START) boolean atStart) {
    this.config = config;
    this.atStart = atStart;
  }

  // Where the framework migrates at the start, too, nothing is left to it.
  @Override
  public void customize(FluentConfiguration configuration) {
    Unhurried callback = new Unhurried(config.lockTimeout());
    configuration.callbacks(callback);
    if (atStart) {
      migrate(configuration, callback);
    }
  }

  private void migrate(FluentConfiguration configuration, Unhurried callback) {
    long end = System.nanoTime() + config.longestWait().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        new Flyway(configuration).migrate();
        return;
      } catch (FlywayException e) {
        if (!isForLocks(e)) {
          throw e;
        }
        String sentence =
            "The schema is not brought up to date: %s waited for a lock, and %s."
                .formatted(callback.script, callback.holders);
        if (System.nanoTime() + pause.toNanos() - end > 0) {
          throw new StartException(
              sentence
                  + " Then start again; ERRAND_MIGRATION_LONGEST_WAIT says for how long a start"
                  + " tries.",
              e);
        }
        LOG.warnf("%s It is tried again in %d s.", sentence, pause.toSeconds());
      }
      // In the pause, the statements that waited behind the migration run.
      LockSupport.parkNanos(pause.toNanos());
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
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

  /** Has statements of a migration wait without an end, but not for locks. */
  private static final class Unhurried implements Callback {
    private final Duration lockTimeout;

    // Migrations come one after the other, on one connection.
    private int usual;
    private @Nullable LockWatch watch;
    private String script = "";
    private String holders = "";

    Unhurried(Duration lockTimeout) {
      this.lockTimeout = lockTimeout;
    }

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.BEFORE_EACH_MIGRATE
          || event == Event.AFTER_EACH_MIGRATE
          || event == Event.AFTER_EACH_MIGRATE_ERROR;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
      return true;
    }

    @Override
    public void handle(Event event, Context context) {
      Connection connection = context.getConnection();
      try {
        if (event == Event.BEFORE_EACH_MIGRATE) {
          usual = connection.getNetworkTimeout();
          connection.setNetworkTimeout(Runnable::run, 0);
          begin(context);
        } else {
          end();
          connection.setNetworkTimeout(Runnable::run, usual);
        }
      } catch (SQLException e) {
        throw new FlywayException("The database can't be waited for.", e);
      }
    }

    private void begin(Context context) throws SQLException {
      script = context.getMigrationInfo().getScript();
      // Without a transaction, such as for an index that is made concurrently, nobody waits behind.
      if (context.getConnection().getAutoCommit()) {
        return;
      }
      try (Statement statement = context.getConnection().createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT pg_backend_pid(), set_config('lock_timeout', '"
                      + lockTimeout.toMillis()
                      + "', true)")) {
        row.next();
        watch =
            LockWatch.on(
                context.getConfiguration().getDataSource(),
                row.getInt(1),
                lockTimeout.dividedBy(LOOKS_PER_TRY));
      }
    }

    private void end() {
      if (watch != null) {
        watch.close();
        holders = watch.told().orElse("whoever held it is gone");
        watch = null;
      }
    }

    @Override
    public String getCallbackName() {
      return "unhurried migrations";
    }
  }
}
