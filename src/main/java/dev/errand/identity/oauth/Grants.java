package dev.errand.identity.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PathId;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.user.UserDisabled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Creates, lists and ends the grants of users to clients. */
@ApplicationScoped
public class Grants {
  private static final Duration CODE_LIFE = Duration.ofMinutes(2);
  // How long after its end a grant is kept, to detect that its code or tokens are used again.
  private static final Duration KEPT = Duration.ofDays(1);

  private final Sql sql;
  private final Clock clock;
  private final OAuthConfig config;
  private final ClientStore clients;
  private final Audit audit;

  Grants(Sql sql, Clock clock, OAuthConfig config, ClientStore clients, Audit audit) {
    this.sql = sql;
    this.clock = clock;
    this.config = config;
    this.clients = clients;
    this.audit = audit;
  }

  /**
   * A grant to be created.
   *
   * @param scopes what the client may do; at least one
   * @param profiles the ids of profiles to which it is limited; empty for all
   */
  public record NewGrant(
      Set<Scope> scopes,
      Set<UUID> profiles,
      String resource,
      String redirectUri,
      String challenge) {}

  void end(@Observes UserDisabled user) {
    sql.statement(GrantStatements.DELETE_OF_USER).with("account_id", user.id()).update();
  }

  /**
   * Creates a grant for a client.
   *
   * @param caller the user, by a session
   * @return a code, by which the client gets tokens once, within two minutes
   * @throws ApiException {@link ErrorCode#TOO_MANY_TOKENS}, or {@link ErrorCode#UNAUTHENTICATED}
   *     where the user was disabled meanwhile
   */
  @Transactional
  public String make(Caller caller, OAuthClient client, NewGrant wanted) {
    Instant now = clock.instant();
    if (!sql.statement(GrantStatements.LOCK_USER).with("account_id", caller.id()).exists()) {
      throw CurrentCaller.unauthenticated("The user is disabled.");
    }
    sql.statement(GrantStatements.DELETE_OLD_GRANTS).with("kept_ms", KEPT.toMillis()).run();
    long grants =
        sql.statement(GrantStatements.COUNT)
            .with("account_id", caller.id())
            .with("now", now)
            .one(row -> row.number("grants"));
    if (grants >= config.grantsPerUser()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_TOKENS,
          "%s has %d grants, the limit set by errand.oauth.grants-per-user: end some, in the settings of the console."
              .formatted(caller.username(), grants));
    }
    UUID id = UUID.randomUUID();
    String code = RandomText.generate();
    sql.statement(GrantStatements.INSERT)
        .with("id", id)
        .with("account_id", caller.id())
        .with("client_id", clients.keep(client))
        .with("scopes", "text", wanted.scopes().stream().map(Scope::code).sorted().toList())
        .with("profile_ids", "uuid", wanted.profiles())
        .with("resource", wanted.resource())
        .with("code_hash", Sha256.of(code))
        .with("code_expires_at", now.plus(CODE_LIFE))
        .with("redirect_uri", wanted.redirectUri())
        .with("challenge", wanted.challenge())
        .with("now", now)
        .run();
    audit.record(caller, AuditAction.GRANT_CREATED, path(id), null, view(id));
    return code;
  }

  /**
   * The grants of the caller, the newest first.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public List<GrantView> list(Caller caller) {
    caller.requireUnlimited(Scope.READ);
    return sql.statement(GrantStatements.LIST)
        .with("account_id", caller.id())
        .with("now", clock.instant())
        .list(GrantView.class);
  }

  /**
   * Ends a grant of the caller; its tokens are no longer accepted.
   *
   * @throws ApiException {@link ErrorCode#GRANT_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  @Transactional
  public void end(Caller caller, String grant) {
    caller.requireUnlimited(Scope.WRITE);
    UUID id = PathId.of(grant).orElseThrow(() -> unknown(grant));
    if (!sql.statement(GrantStatements.LOCK_OWN)
        .with("id", id)
        .with("account_id", caller.id())
        .exists()) {
      throw unknown(grant);
    }
    end(caller, id);
  }

  /** Ends a grant whose row is locked. */
  void end(Caller by, UUID id) {
    GrantView ended = view(id);
    sql.statement(GrantStatements.DELETE).with("id", id).run();
    audit.record(by, AuditAction.GRANT_ENDED, path(id), ended, null);
  }

  private GrantView view(UUID id) {
    return sql.statement(GrantStatements.GET).with("id", id).one(GrantView.class);
  }

  private static String path(UUID id) {
    return "grants/" + id;
  }

  private static ApiException unknown(String grant) {
    return new ApiException(
        ErrorCode.GRANT_NOT_FOUND, "You have no grant with the id " + grant + ".");
  }
}
