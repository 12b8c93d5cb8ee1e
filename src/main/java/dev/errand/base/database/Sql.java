package dev.errand.base.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL with named parameters. Within a JTA transaction each statement is part of it; outside of
 * one, each is its own transaction.
 */
@Singleton
public class Sql {
  private static final String TURN =
      """
      SELECT pg_try_advisory_xact_lock(hashtext(:turn)) AS mine,
        set_config('idle_in_transaction_session_timeout', '15s', true)
      """;

  private final @Nullable DataSource database;
  private final @Nullable Connection connection;

  /** Takes a connection from a pool for each statement. */
  @Inject
  public Sql(DataSource database) {
    this.database = database;
    this.connection = null;
  }

  private Sql(Connection connection) {
    this.database = null;
    this.connection = connection;
  }

  /** Runs every statement on a connection that the caller holds. */
  public static Sql on(Connection connection) {
    return new Sql(connection);
  }

  /** Work on a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Whether this thread has a JTA transaction, even one that is just being completed. */
  public static boolean isInTransaction() {
    return QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION;
  }

  /** A statement, to be given its values. */
  public SqlStatement statement(String sql) {
    return new SqlStatement(this, NamedSql.of(sql));
  }

  /** Several statements in one round trip, to be added one after the other. */
  public SqlScript script() {
    return new SqlScript(this);
  }

  /** Runs several statements on one connection. */
  public <T> T onOneConnection(Function<Sql, T> work) {
    return call(held -> work.apply(new Sql(held)));
  }

  /**
   * Does work in its own transaction, unless another process is doing work of that kind. A process
   * that is stuck in it for 15 s loses its turn.
   *
   * @param turn a name for the kind of work
   * @param otherwise the result when another process is doing it
   */
  public <T> T inTurn(String turn, Function<Sql, T> work, T otherwise) {
    return call(
        held -> {
          held.setAutoCommit(false);
          try {
            Sql own = new Sql(held);
            boolean mine = own.statement(TURN).with("turn", turn).one(row -> row.flag("mine"));
            T result = mine ? work.apply(own) : otherwise;
            held.commit();
            return result;
          } catch (SQLException | RuntimeException | Error e) {
            // Autocommit, once it is on again, would commit what was done so far.
            held.rollback();
            throw e;
          } finally {
            held.setAutoCommit(true);
          }
        });
  }

  <T> T call(Work<T> work) {
    InterruptGate gate = InterruptGate.current();
    if (gate == null) {
      return connected(work);
    }
    gate.close();
    try {
      return connected(work);
    } finally {
      gate.open();
    }
  }

  private <T> T connected(Work<T> work) {
    try {
      if (database == null) {
        return work.on(Objects.requireNonNull(connection));
      }
      try (Connection own = database.getConnection()) {
        return work.on(own);
      }
    } catch (SQLException e) {
      throw failed(new DatabaseException(e));
    } catch (DatabaseException e) {
      throw failed(e);
    }
  }

  private DatabaseException failed(DatabaseException problem) {
    if (database instanceof AgroalDataSource pool && Outage.isBehind(problem)) {
      // The other idle connections of the pool are as old, and most likely broken as well.
      pool.flush(AgroalDataSource.FlushMode.IDLE);
    }
    return problem;
  }
}
