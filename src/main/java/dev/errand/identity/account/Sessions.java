package dev.errand.identity.account;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.SessionJoin.Joined;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds whose a session is, and creates those for which nobody signs in: the operator's bootstrap
 * session, and sessions for development.
 */
@Singleton
public class Sessions {
  /** The fewest characters of a session that the operator chooses. */
  public static final int SHORTEST = 32;

  private static final Duration DEV_LIFE = Duration.ofDays(30);

  private static final String CALLER = sql("", "");

  private static final String END_OTHERS =
      "DELETE FROM session WHERE kind = 'bootstrap' AND token_hash <> :token_hash";

  private static final String END_ALL = "DELETE FROM session WHERE kind = 'bootstrap'";

  private static final String BOOTSTRAP =
      """
      INSERT INTO session (token_hash, account_id, kind) VALUES (:token_hash, :account_id, 'bootstrap')
      ON CONFLICT (token_hash) DO UPDATE SET kind = 'bootstrap', expires_at = NULL
      """;

  private static final String ADD =
      """
      INSERT INTO session (token_hash, account_id, kind, created_at, expires_at)
      VALUES (:token_hash, :account_id, 'dev', :now, :expires_at)
      """;

  // Those for which nobody signed in have no ends_at, and keep their expiry.
  private static final String USED =
      """
      UPDATE session SET last_used_at = :now,
        expires_at = CASE WHEN ends_at IS NULL THEN expires_at ELSE least(ends_at, :idle_end) END
      WHERE id = :id AND (expires_at IS NULL OR expires_at > :now)
        AND (last_used_at IS NULL OR last_used_at <= :before)
      """;

  private final Sql sql;
  private final Clock clock;
  private final CredentialUses uses;
  private final SessionConfig config;

  Sessions(Sql sql, Clock clock, CredentialUses uses, SessionConfig config) {
    this.sql = sql;
    this.clock = clock;
    this.uses = uses;
    this.config = config;
  }

  /** The user whose session has this token, if it is one and has not ended. */
  public Optional<Caller> callerOf(String token) {
    // Every request begins with this: it must take only one round trip.
    return session(CALLER, token).first(this::used);
  }

  /** Like {@link #callerOf(String)}, with the joined row, in one round trip. */
  public <T> Optional<Joined<T>> callerOf(String token, SessionJoin<T> join) {
    SqlStatement statement = session(join.sql().ofSession(), token);
    join.values().accept(statement);
    return statement.first(row -> new Joined<>(used(row), join.reader().apply(row)));
  }

  static String sql(String columns, String joins) {
    return """
        SELECT account.id, account.username, account.role, session.id AS credential_id,
          session.last_used_at AS credential_used_at
        """
        + columns
        + " FROM session JOIN account ON account.id = session.account_id "
        + joins
        + """
         WHERE session.token_hash = :token_hash
          AND (session.expires_at IS NULL OR session.expires_at > :now)
          AND account.disabled_at IS NULL
        """;
  }

  private SqlStatement session(String statement, String token) {
    return sql.statement(statement).with("token_hash", hash(token)).with("now", clock.instant());
  }

  private Caller used(Row row) {
    Instant now = clock.instant();
    uses.note(
        () -> sql.statement(USED).with("idle_end", now.plus(config.idle())),
        row.id("credential_id"),
        row.timeOrNull("credential_used_at"),
        now);
    return callerIn(row);
  }

  /**
   * The user of a row that has a session, in the columns by which {@link SessionJoin} finds one.
   */
  public static Caller callerIn(Row row) {
    return Caller.of(row).bySession(row.id("credential_id"));
  }

  /** The error of a request whose session is unknown. */
  public static ApiException unknown() {
    return CurrentCaller.unauthenticated("The session is unknown or has ended: use another one.");
  }

  /**
   * Creates a session for development, valid for 30 days, and returns its token, which can't be
   * read again.
   */
  @Transactional
  public String mintForDev(UUID accountId) {
    String token = RandomText.generate();
    Instant now = clock.instant();
    sql.statement(ADD)
        .with("token_hash", hash(token))
        .with("account_id", accountId)
        .with("now", now)
        .with("expires_at", now.plus(DEV_LIFE))
        .run();
    return token;
  }

  /**
   * Makes the operator's token the only bootstrap session, which never expires; a former one, which
   * the operator has thereby withdrawn, ends.
   *
   * @throws IllegalArgumentException when it has fewer than {@value #SHORTEST} characters
   */
  @Transactional
  public void bootstrap(UUID accountId, String token) {
    if (token.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "ERRAND_BOOTSTRAP_SESSION has fewer than "
              + SHORTEST
              + " characters: generate one with `openssl rand -hex 32`.");
    }
    sql.statement(END_OTHERS).with("token_hash", hash(token)).update();
    sql.statement(BOOTSTRAP).with("token_hash", hash(token)).with("account_id", accountId).update();
  }

  /** Ends every bootstrap session, because none is configured any more. */
  @Transactional
  public void endBootstrap() {
    sql.statement(END_ALL).update();
  }

  // A token has 256 random bits: a slow hash would only help to overload the server.
  private static byte[] hash(String token) {
    return Sha256.of(token);
  }
}
