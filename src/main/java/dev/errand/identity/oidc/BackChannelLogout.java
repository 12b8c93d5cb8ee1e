package dev.errand.identity.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import io.quarkus.oidc.runtime.OidcProvider;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions because the provider has ended its own (OpenID Connect Back-Channel Logout 1.0).
 */
@ApplicationScoped
class BackChannelLogout {
  /** Adds a token until it expires; a second time, nothing is added. */
  private static final String ADD_LOGOUT =
      """
      INSERT INTO oidc_logout (token_id, expires_at) VALUES (:token_id, :expires_at)
      ON CONFLICT (token_id) DO NOTHING
      """;

  private static final String DELETE_OLD_LOGOUTS =
      "DELETE FROM oidc_logout WHERE expires_at < least(:now, now())";

  private static final String END =
      "DELETE FROM session USING account WHERE account.id = account_id AND oidc_issuer = :issuer";

  private static final String ENDED =
      " RETURNING session.id AS session_id, account.id, account.username, account.role";

  private static final String OF_PERSON =
      """
       account_id =
        (SELECT account_id FROM oidc_identity WHERE issuer = :issuer AND subject = :subject)
      """;

  /** A session without the provider's id may be the one that is meant. */
  private static final String END_SESSION =
      END + " AND (oidc_sid = :sid OR (oidc_sid IS NULL AND " + OF_PERSON + "))" + ENDED;

  private static final String END_SESSIONS_OF_PERSON = END + " AND " + OF_PERSON + ENDED;

  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final OidcFlow flow;
  private final Audit audit;
  private final Sql sql;
  private final Clock clock;

  BackChannelLogout(OidcFlow flow, Audit audit, Sql sql, Clock clock) {
    this.flow = flow;
    this.audit = audit;
    this.sql = sql;
    this.clock = clock;
  }

  /**
   * A logout token that was verified.
   *
   * @param subject the person; null where the token names a session alone
   * @param session the provider's id of its session; null for all of the person's
   */
  record LogoutToken(
      String issuer, String id, @Nullable String subject, @Nullable String session) {}

  /** A refused logout token; the message says why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /** Verifies a logout token by the keys of the provider. */
  LogoutToken verified(String token, RoutingContext request) throws RefusedException {
    check(token, flow.provider(request));
    JsonNode claims = flow.claims(token);
    if (!claims.path("events").path(EVENT).isObject()) {
      throw new RefusedException("The token is not about a logout.");
    }
    if (claims.has("nonce")) {
      throw new RefusedException("The token has a nonce, as an ID token has.");
    }
    String subject = OidcPerson.text(claims, "sub");
    String session = OidcPerson.text(claims, "sid");
    String id = OidcPerson.text(claims, "jti");
    if (id == null || (subject == null && session == null)) {
      throw new RefusedException("The token lacks jti, or both sub and sid.");
    }
    if ((subject == null && claims.has("sub")) || (session == null && claims.has("sid"))) {
      throw new RefusedException("The sub or sid of the token is not a name.");
    }
    Instant now = clock.instant();
    Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong());
    if (issued.isAfter(now.plus(SKEW)) || issued.isBefore(now.minus(LONGEST))) {
      throw new RefusedException("The token was not issued now.");
    }
    return new LogoutToken(claims.path("iss").asText(), id, subject, session);
  }

  /**
   * Ends the sessions that a token is about.
   *
   * @throws RefusedException where the token was used before
   */
  @Transactional(rollbackOn = RefusedException.class)
  void end(LogoutToken token) throws RefusedException {
    sql.statement(DELETE_OLD_LOGOUTS).with("now", clock.instant()).update();
    int added =
        sql.statement(ADD_LOGOUT)
            .with("token_id", Sha256.of(token.issuer() + " " + token.id()))
            // An expired token is refused as such.
            .with("expires_at", clock.instant().plus(LONGEST).plus(SKEW).plus(SKEW))
            .update();
    if (added == 0) {
      throw new RefusedException("The token was used before.");
    }
    String session = token.session();
    SqlStatement end =
        session == null
            ? sql.statement(END_SESSIONS_OF_PERSON)
            : sql.statement(END_SESSION).with("sid", Sha256.of(session));
    List<Caller> ended =
        end.with("issuer", token.issuer())
            .with("subject", token.subject())
            .list(BackChannelLogout::caller);
    for (Caller user : ended) {
      audit.record(
          user, AuditAction.SESSION_ENDED, "sessions/" + user.rights().session(), null, null);
    }
  }

  private static Caller caller(Row row) {
    return Caller.of(row).bySession(row.id("session_id")).byClient(OidcUsers.CLIENT);
  }

  private static void check(String token, OidcProvider provider) throws RefusedException {
    try {
      try {
        provider.verifyLogoutJwtToken(token);
      } catch (InvalidJwtException e) {
        if (!(e.getCause() instanceof UnresolvableKeyException)) {
          throw e;
        }
        // The provider may have changed its key.
        refreshed(token, provider);
      }
    } catch (InvalidJwtException e) {
      throw new RefusedException(OidcFailure.wrong(e).orElse("The token can't be verified."));
    }
  }

  private static void refreshed(String token, OidcProvider provider) throws InvalidJwtException {
    try {
      provider.refreshJwksAndVerifyJwtToken(token, true, false, null).await().atMost(PATIENCE);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof InvalidJwtException refusal) {
        throw refusal;
      }
      throw e;
    }
  }
}
