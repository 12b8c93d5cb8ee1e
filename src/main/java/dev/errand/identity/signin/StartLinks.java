package dev.errand.identity.signin;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Links that sign a user in once, such as the one that a start in development prints. Their digests
 * are in the database, so that a link survives a live reload, and works only once in all processes.
 */
@ApplicationScoped
public class StartLinks {
  /** How long a link works. */
  public static final Duration LIFE = Duration.ofHours(1);

  private final Sql sql;
  private final Clock clock;
  private final SessionService sessions;

  StartLinks(Sql sql, Clock clock, SessionService sessions) {
    this.sql = sql;
    this.clock = clock;
    this.sessions = sessions;
  }

  /**
   * Creates a link for a user, and deletes expired links.
   *
   * @return its token, which can't be read again
   */
  @Transactional
  public String make(UUID accountId) {
    String token = RandomText.generate();
    Instant now = clock.instant();
    sql.statement(SessionStatements.FORGET_LINKS).with("now", now).update();
    sql.statement(SessionStatements.ADD_LINK)
        .with("token_hash", Sha256.of(token))
        .with("account_id", accountId)
        .with("expires_at", now.plus(LIFE))
        .update();
    return token;
  }

  /**
   * Signs the user of a link in; it does not work again.
   *
   * @throws ApiException {@link ErrorCode#SIGN_IN_REFUSED} where it is unknown, was used or has
   *     expired
   */
  @Transactional
  public SignedIn use(String token, SignInDevice device) {
    return sql.statement(SessionStatements.TAKE_LINK)
        .with("token_hash", Sha256.of(token))
        .with("now", clock.instant())
        .first(row -> row.id("account_id"))
        .flatMap(account -> sessions.beginByLink(account, device))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.SIGN_IN_REFUSED,
                    "This link was used, or has expired: start the service again for another one,"
                        + " or sign in."));
  }
}
