package dev.errand.identity.token;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.PathId;
import dev.errand.base.limit.FittingItems;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, lists and revokes tokens. */
@ApplicationScoped
public class TokenService {
  // How long an expired token is still listed.
  private static final Duration KEPT = Duration.ofDays(30);

  private final SecureRandom random = new SecureRandom();
  private final Sql sql;
  private final Clock clock;
  private final TokenLimits limits;
  private final TokenConfig config;
  private final TokenOwners owners;
  private final FittingItems memory;
  private final Audit audit;

  TokenService(
      Sql sql,
      Clock clock,
      TokenLimits limits,
      TokenConfig config,
      TokenOwners owners,
      FittingItems memory,
      Audit audit) {
    this.memory = memory;
    this.sql = sql;
    this.clock = clock;
    this.limits = limits;
    this.config = config;
    this.owners = owners;
    this.audit = audit;
  }

  /**
   * Creates a token of the caller or of a service. It allows no more than its owner and the
   * credential of the caller: the limits and the expiry of that credential apply to the token, too,
   * unless narrower ones are requested.
   *
   * @return the token with its text, which can't be read again
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING} for a scope that the caller lacks, {@link
   *     ErrorCode#PROFILE_NOT_FOUND} for a limit to a profile that the caller may not see, {@link
   *     ErrorCode#TOO_MANY_TOKENS}, or when the request is not valid
   */
  @Transactional
  public NewToken create(Caller caller, TokenRequest wanted) {
    caller.require(Scope.WRITE);
    Instant now = clock.instant();
    InvalidFields.check(wanted::check, () -> wanted.wantedEnd(now));
    String name = wanted.wantedName();
    Set<Scope> scopes = wanted.wantedScopes();
    scopes.forEach(caller::require);
    Caller owner = owners.named(caller, wanted.user());
    scopes.forEach(owner::require);
    Instant end = end(caller, wanted.wantedEnd(now));
    // This locks the user; a rename of a profile also locks the user before the profile.
    makeRoom(owner, now);
    TokenLimits.Limits to = limits.of(owner, wanted.wantedProfiles(), wanted.wantedTasks());
    String text = Tokens.random(random);
    Token token = new Token();
    token.id = UUID.randomUUID();
    token.accountId = owner.id();
    token.tokenHash = Sha256.of(text);
    token.name = name;
    token.scopes = scopes.stream().map(Scope::code).toList();
    token.profileIds = limit(to.profiles());
    token.tasks = limit(to.tasks());
    token.madeBy = by(caller);
    token.createdAt = now;
    token.expiresAt = end;
    token.persistAndFlush();
    TokenView made = sql.statement(TokenStatements.GET).with("id", token.id).one(TokenView.class);
    audit.record(
        caller, AuditAction.TOKEN_CREATED, path(token.id), null, new Owned(owner.username(), made));
    return NewToken.of(made, text, to.unknown());
  }

  private static <T> @Nullable List<T> limit(Set<T> to) {
    return to.isEmpty() ? null : List.copyOf(to);
  }

  /**
   * The tokens of the caller or of a service, the newest first. A token that is limited to profiles
   * or tasks sees itself and those that it has made.
   *
   * @param user the name of a service; null for the caller
   */
  public List<TokenView> list(Caller caller, @Nullable String user) {
    caller.require(Scope.READ);
    UUID owner = owners.named(caller, user).id();
    memory.hold(
        caller.username(),
        sql.statement(TokenStatements.SIZE)
            .with("account_id", owner)
            .one(row -> row.number("bytes")));
    return sql.statement(TokenStatements.LIST)
        .with("account_id", owner)
        .with("by", seenBy(caller))
        .list(TokenView.class);
  }

  /**
   * Revokes a token that {@link #list} shows, and those that were made by it. Requests that have
   * started continue, except for streams and waits, which end.
   *
   * @throws ApiException {@link ErrorCode#TOKEN_NOT_FOUND}
   */
  @Transactional
  public void delete(Caller caller, String token) {
    caller.require(Scope.WRITE);
    UUID id = PathId.of(token).orElseThrow(() -> unknown(token));
    TokenView revoked =
        sql.statement(TokenStatements.GET)
            .with("id", id)
            .first(TokenView.class)
            .orElseThrow(() -> unknown(token));
    Caller owner = owners.of(caller, id);
    int deleted =
        sql.statement(TokenStatements.DELETE)
            .with("id", id)
            .with("account_id", owner.id())
            .with("by", seenBy(caller))
            .update();
    if (deleted == 0) {
      throw unknown(token);
    }
    audit.record(
        caller, AuditAction.TOKEN_REVOKED, path(id), new Owned(owner.username(), revoked), null);
  }

  /** A token as the audit records it. */
  @RegisterForReflection
  record Owned(String user, @JsonUnwrapped TokenView token) {}

  private static String path(UUID id) {
    return "tokens/" + id;
  }

  private static ApiException unknown(String token) {
    return new ApiException(
        ErrorCode.TOKEN_NOT_FOUND, "You have no token with the id " + token + ".");
  }

  private void makeRoom(Caller owner, Instant now) {
    Users.lock(sql, owner.id());
    sql.statement(TokenStatements.REMOVE_OLD)
        .with("account_id", owner.id())
        .with("kept_ms", KEPT.toMillis())
        .run();
    long tokens =
        Token.count("accountId = ?1 and (expiresAt is null or expiresAt > ?2)", owner.id(), now);
    if (tokens >= config.perUser()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_TOKENS,
          "%s has %d tokens, the limit set by errand.tokens.per-user: revoke some."
              .formatted(owner.username(), tokens));
    }
  }

  private static @Nullable Instant end(Caller caller, @Nullable Instant wanted) {
    Rights.ByToken maker = caller.rights().token();
    Instant latest = maker == null ? null : maker.expiresAt();
    if (latest != null && wanted != null && wanted.isAfter(latest)) {
      throw ApiException.invalid(
          "expires_at", "must not be after " + latest + ", when the token ends that asks for it");
    }
    return wanted == null ? latest : wanted;
  }

  private static @Nullable UUID by(Caller caller) {
    Rights.ByToken maker = caller.rights().token();
    return maker == null ? null : maker.id();
  }

  private static @Nullable UUID seenBy(Caller caller) {
    return caller.rights().isLimited() ? by(caller) : null;
  }
}
