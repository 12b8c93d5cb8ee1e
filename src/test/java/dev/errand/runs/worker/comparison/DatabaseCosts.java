package dev.errand.runs.worker.comparison;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What PostgreSQL has counted. Its connection is one of the superuser. */
final class DatabaseCosts {
  // Those that begin and end transactions are the commits.
  private static final String STATEMENTS =
      """
      SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ?) AND toplevel
        AND userid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
        AND query !~* '^ *(begin|start|commit|end|rollback|abort)'
      """;
  private static final String BY_STATEMENT =
      """
      SELECT calls, total_plan_time, total_exec_time, wal_bytes, rows,
        regexp_replace(left(query, 600), '\\s+', ' ', 'g') AS query
      FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ?) AND toplevel
        AND userid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
      ORDER BY total_plan_time + total_exec_time DESC LIMIT 12
      """;
  private static final String COMMITS =
      "SELECT xact_commit FROM pg_stat_database WHERE datname = ?";
  private static final String WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
  private static final long RELOADED_NANOS = 500_000_000;

  private final Connection superuser;

  /** Counts no statements until it is told to. */
  DatabaseCosts(Connection superuser) throws SQLException {
    this.superuser = superuser;
    execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    count(false);
  }

  /** Makes a database that belongs to the service's role, for a peer. */
  void make(String database, String owner) throws SQLException {
    execute("CREATE DATABASE " + database + " OWNER " + owner);
  }

  /** Counts statements from now on, or no more. */
  final void count(boolean statements) throws SQLException {
    execute("ALTER SYSTEM SET pg_stat_statements.track = " + (statements ? "top" : "none"));
    execute("ALTER SYSTEM SET pg_stat_statements.track_planning = on");
    execute("SELECT pg_reload_conf()");
    // Each process of the server reads the settings when it is signalled.
    LockSupport.parkNanos(RELOADED_NANOS);
  }

  /** The statements that were executed in a database, but for the superuser's. */
  long statements(String database) throws SQLException {
    return number(STATEMENTS, database);
  }

  /** Forgets what was counted of statements. */
  void forget() throws SQLException {
    execute("SELECT pg_stat_statements_reset()");
  }

  /** Prints which statements cost most in a database since they were forgotten, for each job. */
  void print(String database, int jobs) throws SQLException {
    try (PreparedStatement select = superuser.prepareStatement(BY_STATEMENT)) {
      select.setString(1, database);
      System.out.println("  calls  plan ms  exec ms    WAL  rows  per job");
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          System.out.printf(
              Locale.ROOT,
              "%7.3f %8.4f %8.4f %6.0f %5.1f  %s%n",
              row.getDouble(1) / jobs,
              row.getDouble(2) / jobs,
              row.getDouble(3) / jobs,
              row.getDouble(4) / jobs,
              row.getDouble(5) / jobs,
              row.getString(6));
        }
      }
    }
  }

  /**
   * The transactions that were committed in a database, those of single statements included. An
   * idle connection reports its last ones up to ten seconds late.
   */
  long commits(String database) throws SQLException {
    return number(COMMITS, database);
  }

  /**
   * The updates of runs in the service's own database, those that idle connections have not
   * reported left out.
   *
   * @param kind empty for all, {@code hot_} for those that wrote to no index
   */
  long updates(String kind) throws SQLException {
    return number(
        "SELECT n_tup_%supd FROM pg_stat_all_tables WHERE schemaname = 'public' AND relname = 'run'"
            .formatted(kind));
  }

  /** The bytes that were written to the log, by all. */
  long wal() throws SQLException {
    return number(WAL);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = superuser.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql, String... values) throws SQLException {
    try (PreparedStatement select = superuser.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setString(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
