package dev.errand.identity.account;

import dev.errand.base.database.Row;
import dev.errand.base.database.SqlStatement;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A read that is joined to that of a session, so that both take one round trip.
 *
 * @param sql the statement, as {@link #sql} builds it
 * @param values sets the parameters of the joins
 * @param reader reads the joined columns, which are NULL where no row was joined; {@code id} is the
 *     user's id
 */
public record SessionJoin<T>(
    String sql, Consumer<SqlStatement> values, Function<Row, Optional<T>> reader) {

  /**
   * Builds the statement.
   *
   * @param columns the columns to read, none of them called {@code id}, {@code username} or {@code
   *     role}
   * @param joins left joins to {@code account} that find one row at most
   */
  public static String sql(String columns, String joins) {
    return Sessions.sql(", " + columns, joins);
  }

  /**
   * What is read.
   *
   * @param caller whose session it is
   * @param joined what was joined, if there is such a row
   */
  public record Joined<T>(Caller caller, Optional<T> joined) {}
}
