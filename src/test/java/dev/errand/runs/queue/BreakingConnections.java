package dev.errand.runs.queue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Connections to a real database that break as a test wants them to. */
public final class BreakingConnections {
  private static final String BROKEN = "08006";
  private static final Pattern WRITES = Pattern.compile("\\b(UPDATE run|INSERT INTO) ");

  private final DataSource database;
  private final AtomicInteger left = new AtomicInteger();
  private volatile Moment moment = Moment.BEFORE_THE_UPDATE;
  private volatile String state = BROKEN;

  /** When a connection breaks. */
  public enum Moment {
    /** The database never hears of the update. */
    BEFORE_THE_UPDATE,
    /** The database has committed the update, and nobody hears of it. */
    AFTER_THE_UPDATE
  }

  public BreakingConnections(DataSource database) {
    this.database = database;
  }

  /** Lets the next updates break off, so many. */
  public void breakAt(Moment when, int times) {
    breakAt(when, times, BROKEN);
  }

  /**
   * Does the same with another of PostgreSQL's error codes.
   *
   * @param code the code
   */
  public void breakAt(Moment when, int times, String code) {
    state = code;
    moment = when;
    left.set(times);
  }

  /** How many updates will still break off. */
  public int left() {
    return left.get();
  }

  public DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = method.invoke(database, arguments);
          return result instanceof Connection connection ? breaking(connection) : result;
        });
  }

  private Connection breaking(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = method.invoke(connection, arguments);
          return result instanceof PreparedStatement statement
                  && WRITES.matcher((String) arguments[0]).find()
              ? breaking(connection, statement)
              : result;
        });
  }

  private PreparedStatement breaking(Connection connection, PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          boolean breaks =
              method.getName().startsWith("execute")
                  && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
          if (breaks && moment == Moment.BEFORE_THE_UPDATE) {
            throw broken(connection);
          }
          Object result = method.invoke(statement, arguments);
          if (breaks) {
            throw broken(connection);
          }
          return result;
        });
  }

  private SQLException broken(Connection connection) throws SQLException {
    connection.close();
    return new SQLException("The connection broke", state);
  }

  /** What a proxy does. */
  private interface Call {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return call.on(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
