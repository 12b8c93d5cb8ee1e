package dev.errand.boot;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Gives each migration of the schema the time that it needs: on a large table that may be longer
 * than an answer of the database is waited for otherwise.
 */
@Singleton
class UnhurriedMigrations implements FlywayConfigurationCustomizer {
  @Override
  public void customize(FluentConfiguration configuration) {
    configuration.callbacks(new Unhurried());
  }

  /** Waits without an end from the beginning of a migration to its end. */
  private static final class Unhurried implements Callback {
    // Migrations come one after the other, on one connection.
    private int usual;

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
        } else {
          connection.setNetworkTimeout(Runnable::run, usual);
        }
      } catch (SQLException e) {
        throw new FlywayException("The database can't be waited for.", e);
      }
    }

    @Override
    public String getCallbackName() {
      return "unhurried migrations";
    }
  }
}
