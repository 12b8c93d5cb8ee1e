package dev.errand.app.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Disables the statement timeout of a migration but sets a lock timeout, and makes concurrent index
 * builds possible.
 */
final class MigrationTimeouts implements Callback {
  private static final Logger LOG = Logger.getLogger("dev.errand");
  private static final int LOOKS_PER_TRY = 4;

  private static final String HISTORY =
      """
      SELECT pg_backend_pid() AS pid, to_regclass(quote_ident(coalesce(?, current_schema()))
        || '.' || quote_ident(?))::text AS name
      """;

  private final Duration lockTimeout;
  private final Runnable reached;

  // Migrations run one after the other on one connection; another connection holds the lock
  // that serializes processes.
  private @Nullable Connection locking;
  private int usual;
  private @Nullable LockWatch watch;
  private String script = "";
  private String holders = "its holder is gone";

  /**
   * Creates the callback of Flyway.
   *
   * @param reached runs whenever the database has answered
   */
  MigrationTimeouts(Duration lockTimeout, Runnable reached) {
    this.lockTimeout = lockTimeout;
    this.reached = reached;
  }

  /** The migration that started last, or the table of applied migrations. */
  String script() {
    return script;
  }

  /** The processes that held the lock it waited for, and the remedy. */
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
        locking = connection;
        reached.run();
        awaitHistory(context.getConfiguration());
      } else if (event == Event.BEFORE_EACH_MIGRATE) {
        usual = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0);
        begin(context);
      } else {
        end();
        connection.setNetworkTimeout(Runnable::run, usual);
      }
    } catch (SQLException e) {
      throw new FlywayException("Waiting for the database failed.", e);
    }
  }

  // Flyway reads and locks the table without its own timeout, so a missing answer would look like
  // an unreachable database.
  private void awaitHistory(Configuration configuration) throws SQLException {
    try (Connection connection = configuration.getDataSource().getConnection()) {
      int before = connection.getNetworkTimeout();
      if (before > 0) {
        connection.setNetworkTimeout(Runnable::run, before + (int) lockTimeout.toMillis());
      }
      connection.setAutoCommit(false);
      try {
        script = configuration.getTable();
        lockHistory(connection, configuration);
      } finally {
        end();
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, before);
      }
    }
  }

  private void lockHistory(Connection connection, Configuration configuration) throws SQLException {
    String name;
    int pid;
    try (PreparedStatement find = connection.prepareStatement(HISTORY)) {
      find.setString(1, configuration.getDefaultSchema());
      find.setString(2, configuration.getTable());
      try (ResultSet row = find.executeQuery()) {
        row.next();
        name = row.getString("name");
        pid = row.getInt("pid");
      }
    }
    if (name == null) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      watch =
          LockWatch.on(configuration.getDataSource(), pid, lockTimeout.dividedBy(LOOKS_PER_TRY));
      statement.execute("LOCK TABLE " + name + " IN ROW EXCLUSIVE MODE");
    }
  }

  private void begin(Context context) throws SQLException {
    script = context.getMigrationInfo().getScript();
    if (context.getConnection().getAutoCommit()) {
      LOG.infof("%s may take long, but blocks nobody.", script);
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

  // A transaction keeps the snapshot of its last query until the next statement. A concurrent index
  // build waits for all snapshots, including that of the connection which holds that lock.
  private void releaseSnapshot() throws SQLException {
    if (locking != null) {
      try (Statement statement = locking.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = DEFAULT");
      }
    }
  }

  private void end() {
    if (watch != null) {
      watch.close();
      holders = watch.lastHolders().orElse("its holder is gone");
      watch = null;
    }
  }

  @Override
  public String getCallbackName() {
    return "unhurried migrations";
  }
}
