package dev.errand.identity.account;

import dev.errand.base.database.Row;
import dev.errand.base.database.SqlStatement;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A query that is joined to the one for a session or a token, so that both take one round trip.
 *
 * @param sql the statements, as {@link #sql} builds them
 * @param key those with equal keys and statements read the same rows
 * @param values sets the parameters of the joins
 * @param reader reads the joined columns, which are NULL where no row was joined; {@code id} is the
 *     user's id
 */
public record SessionJoin<T>(
    Statements sql, Object key, Consumer<SqlStatement> values, Function<Row, Optional<T>> reader) {
  /**
   * The statements.
   *
   * @param ofSession finds a session
   * @param ofToken finds a token
   */
  public record Statements(String ofSession, String ofToken) {}

  /**
   * Builds the statements.
   *
   * @param columns the columns to read, none of them called {@code id}, {@code username}, {@code
   *     role} or {@code credential_…}
   * @param joins left joins to {@code account} that find one row at most
   */
  public static Statements sql(String columns, String joins) {
    return new Statements(Sessions.sql(", " + columns, joins), ofToken(", " + columns, joins));
  }

  /** Builds the statement that finds a token and joins nothing to it. */
  public static String ofToken() {
    return ofToken("", "");
  }

  // An expired token is found as well, so that the error can say so.
  private static String ofToken(String columns, String joins) {
    return """
        SELECT account.id, account.username, account.role, token.id AS credential_id, token.name AS credential_name,
          token.scopes AS credential_scopes, token.profile_ids::text[] AS credential_profiles,
          token.tasks AS credential_tasks, token.expires_at AS credential_expires_at,
          token.last_used_at AS credential_used_at
        """
        + columns
        + " FROM token JOIN account ON account.id = token.account_id "
        + joins
        + " WHERE token.token_hash = :token_hash AND account.disabled_at IS NULL";
  }

  /** What is read. */
  public record Joined<T>(Caller caller, Optional<T> joined) {}
}
