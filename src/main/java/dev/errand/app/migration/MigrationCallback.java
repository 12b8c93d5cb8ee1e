package dev.errand.app.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has statements of a migration wait without an end, but not for locks, and lets an index be built
 * concurrently.
 */
final class MigrationCallback implements Callback {
  private static final Logger LOG = Logger.getLogger("dev.errand");
  private static final int LOOKS_PER_TRY = 4;

  private final Duration lockTimeout;

  // Migrations come one after the other, on one connection; the turn is held by another one.
  private @Nullable Connection turn;
  private int usual;
  private @Nullable LockWatch watch;
  private String script = "";
  private String holders = "whoever held it is gone";

  MigrationCallback(Duration lockTimeout) {
    this.lockTimeout = lockTimeout;
  }

  /** The migration that began last. */
  String script() {
    return script;
  }

  /** Who held the lock that it waited for, and what can be done. */
  String holders() {
    return holders;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.AFTER_CONNECT
        || event == Event.BEFORE_EACH_MIGRATE
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
      if (event == Event.AFTER_CONNECT) {
        turn = connection;
      } else if (event == Event.BEFORE_EACH_MIGRATE) {
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
    if (context.getConnection().getAutoCommit()) {
      LOG.infof("%s may take long, and nobody waits for it.", script);
      releaseSnapshot();
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

  // The last query of a transaction keeps its snapshot until another statement takes its place. An
  // index that is built concurrently waits for all snapshots, so also for that of the connection
  // which holds the turn meanwhile.
  private void releaseSnapshot() throws SQLException {
    if (turn != null) {
      try (Statement statement = turn.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = DEFAULT");
      }
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
